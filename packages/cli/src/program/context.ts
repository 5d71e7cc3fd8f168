/** What a run of the program is given from outside. @module */
import type { Readable, Writable } from 'node:stream';
import type { Personality } from './personality.ts';

/** `isTTY` as Node sets it on terminals. */
export type InputStream = Readable & { readonly isTTY?: boolean; setRawMode?(mode: boolean): unknown };
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export interface Context {
  readonly personality: Personality;
  readonly env: NodeJS.ProcessEnv;
  /** The user's home directory. */
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly nowMs: () => number;
}
