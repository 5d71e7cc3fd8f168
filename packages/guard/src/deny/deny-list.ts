/** Which tokens are refused although they are good. @module */

/**
 * Asked at every request, also for tokens that are remembered: answer from memory where you can. What throws, or rejects, is
 * answered 503: who cannot be asked has not said yes.
 */
export interface DenyList {
  /** @param key what a token is known by: its hash claim in lower case, else `jti`, else `sha256:` and the hash of its text */
  has(key: string): boolean | Promise<boolean>;
  /** Called once, when the guard is made. Must not keep the process alive. */
  start?(): void;
  close?(): void | Promise<void>;
  /** Joins `guard.metrics()`, under `denyList`. */
  metrics?(): Readonly<Record<string, number>>;
}

/** For a list that knows that it is too old to answer, and when to ask again. */
export class DenyListUnavailable extends Error {
  override readonly name: 'DenyListUnavailable' = 'DenyListUnavailable';
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('the deny list cannot answer now');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
