/** What every decision needs and hardly ever changes: settings and keys. A new object whenever any of it changed. @module */
import type { SigningKeyRecord } from '../domain/signing-key.ts';

export interface Configuration {
  /** Grows with every change by any node. */
  readonly version: number;
  /** Only what was set; absent names have their defaults. */
  readonly settings: ReadonlyMap<string, string>;
  /** Newest first. */
  readonly signingKeys: readonly SigningKeyRecord[];
}
