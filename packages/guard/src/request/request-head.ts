/** A request as far as its head: all that a decision may depend on, the same for every framework. @module */
import type { SeenHeaders } from '../context/context-headers.ts';

export interface RequestHead {
  /** In upper case, as HTTP has it. */
  readonly method: string;
  /** Path and query as sent: nothing decoded, no dot segment resolved. */
  readonly target: string;
  /** Where a header that was sent twice can still be seen. */
  readonly headers: SeenHeaders;
  /** Of the client, by the framework's own rules for proxies; null: not known. */
  readonly remoteAddress: string | null;
  /** Nobody on a network can read along: TLS, or this machine alone. */
  readonly isPrivate: boolean;
}
