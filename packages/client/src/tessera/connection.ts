/** Where a server is, and how far it is trusted. @module */

/** `skip` takes any certificate: whoever stands between can read and change everything. */
export type Verification = 'verify' | 'skip';

/** What passed over the wire, for a human to read. Secrets in it print as `[secret]`. */
export type WireEvent =
  | { readonly kind: 'request'; readonly method: string; readonly url: string; readonly body: unknown }
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown };

export interface Connection {
  /** `http:` or `https:`; a path in it goes before every request's path. */
  readonly url: URL;
  readonly verification: Verification;
  /** PEM certificates to trust instead of the built-in ones; null: the built-in ones. */
  readonly trustedPem: string | null;
  /** For one request, from connecting to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Told of every request and answer; null: nobody is. */
  readonly trace: ((event: WireEvent) => void) | null;
}
