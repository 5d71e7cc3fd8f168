/** What the bench and its load generator say to each other. @module */
import type { Slice } from '../measure/slice.ts';
import type { Load } from './load.ts';

/** Whose CPU time is read while the load runs. */
export interface Watched {
  /** The server under measurement. */
  readonly pid: number;
  /** A database that works for it, by its first process; null: none. */
  readonly helperPid: number | null;
}

export type Command =
  | { readonly kind: 'open'; readonly id: number; readonly load: Load; readonly watched: Watched }
  | { readonly kind: 'run'; readonly id: number; readonly seconds: number };

export type Report =
  | { readonly kind: 'slice'; readonly id: number; readonly slice: Slice }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string };
