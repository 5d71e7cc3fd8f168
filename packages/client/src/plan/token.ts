/** What an answer to a token request was understood to say. @module */
import type { Secret } from '@tessera/token';

export interface Token {
  readonly token: Secret;
  /** A second piece that some systems hand out beside the token; null: none. */
  readonly tokenp2: Secret | null;
  readonly refreshToken: Secret | null;
  /** When it ends, in epoch milliseconds; null: not known, or already past: the token is not kept. */
  readonly expiresAtMs: number | null;
  /** Values read from cookies, exactly as received: they go back so in a `Cookie` header; null: none was. */
  readonly asReceived: { readonly token: Secret | null; readonly tokenp2: Secret | null } | null;
}
