/** A call of somebody's API, as its caller writes it. @module */
import type { Overrides } from '../plan/override-plan.ts';

/** Bytes, text or an object can be sent again; so can a function, which is asked for a new body each time. */
export type CallBody = null | string | Uint8Array | object | (() => CallContent | Promise<CallContent>);

/** Any body but a function. */
export type CallContent = null | string | Uint8Array | object;

export type QueryValue = string | number | boolean | null | undefined;

export interface Call {
  /** `GET`, if not given. */
  readonly method?: string;
  /** Begins with `/`; may name `{base_path}` and `{version}`. An absolute URL must be of an allowed origin. */
  readonly path: string;
  /** Added to the path's own; null and undefined are left out, a list repeats its key. */
  readonly query?: Readonly<Record<string, QueryValue | readonly QueryValue[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** A plain object or list is sent as JSON. */
  readonly body?: CallBody;
  /** Fields of the token request for this call alone. */
  readonly authData?: Readonly<Record<string, unknown>>;
  /** Replaces parts of the configuration for this call alone. */
  readonly overrides?: Overrides;
  /** Covers the whole call, waiting included. */
  readonly signal?: AbortSignal;
}

export interface CallResult {
  readonly status: number;
  /** `AD.` and the status, as the original library has it. */
  readonly icode: `AD.${number}`;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** JSON parsed, other text as text, anything else as bytes; null: empty. */
  readonly body: unknown;
  /** How many times the call was sent. */
  readonly attempts: number;
}
