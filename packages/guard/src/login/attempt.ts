/** One use of the login route, as an adapter hands it over. @module */

import type { RequestHead } from '../request/request-head.ts';

/** 16 KiB */
export const maxLoginBodyBytes = 16_384;

export type LoginBody =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** Read by a parser that ran before. */
  | { readonly kind: 'parsed'; readonly value: unknown }
  /** Over {@link maxLoginBodyBytes}. */
  | { readonly kind: 'too-large' }
  /** The connection broke, or somebody else consumed it. */
  | { readonly kind: 'unreadable' };

export interface LoginAttempt {
  readonly head: RequestHead;
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
  /** Called at most once, and only where the body is wanted. */
  readBody(): Promise<LoginBody>;
}
