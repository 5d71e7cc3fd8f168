/** How long a session lives: what was asked, limited by the maximum allowed. @module */

/** What a session was granted when it was opened; null: no such limit. */
export interface Lifetimes {
  /** Life of each refresh token from its issue, whether used or not; see {@link Rotation}. */
  readonly absoluteSeconds: number | null;
  /** Longest time without use. */
  readonly idleSeconds: number | null;
}

/** The installation's limits, as they are at the moment of the decision; null: no such limit. */
export interface LifetimeLimits {
  /** No refresh token is older than this, whenever and by whichever dialect it was issued. */
  readonly maximumRefreshSeconds: number | null;
  /** No session is older than this, counted from the sign-in, however often renewed. */
  readonly maximumSessionSeconds: number | null;
}

/**
 * When a refresh token makes room for the next: `on-request`: when asked to; `every-use`: each time; `on-expiry`: never, the text
 * stays as long as it lives.
 *
 * With `every-use` each token is used once, so that using does not keep a session alive: its limits are counted for all of
 * its tokens together, and the time without use from the last renewal.
 */
export type Rotation = 'on-request' | 'every-use' | 'on-expiry';

/** What of a session its limits are counted from. All times in epoch milliseconds. */
export interface Ages {
  readonly lifetimes: Lifetimes;
  readonly rotation: Rotation;
  /** `refresh`: has refresh tokens, whose life has a maximum of its own. */
  readonly kind: 'refresh' | 'access';
  readonly createdAtMs: number;
  readonly authenticatedAtMs: number;
  /** When the newest refresh token was issued. */
  readonly issuedAtMs: number;
  /** Last use of the newest refresh token; null: never used. */
  readonly usedAtMs: number | null;
}

/** What is granted of what was asked: no refresh token is given more than the maximum of that moment. */
export function grantLifetimes(asked: Lifetimes, { maximumRefreshSeconds }: LifetimeLimits): Lifetimes {
  if (maximumRefreshSeconds === null) return asked;
  const absoluteSeconds = Math.min(asked.absoluteSeconds ?? maximumRefreshSeconds, maximumRefreshSeconds);
  return { ...asked, absoluteSeconds };
}

const after = (fromMs: number, seconds: number | null): number =>
  seconds === null ? Number.POSITIVE_INFINITY : fromMs + seconds * 1000;

/** When the newest refresh token ends however much it is used; infinite where nothing limits it. */
export function absoluteExpiryMs(ages: Ages, limits: LifetimeLimits): number {
  const fromMs = ages.rotation === 'every-use' ? ages.createdAtMs : ages.issuedAtMs;
  return Math.min(
    after(fromMs, ages.lifetimes.absoluteSeconds),
    after(fromMs, ages.kind === 'refresh' ? limits.maximumRefreshSeconds : null),
    after(ages.authenticatedAtMs, limits.maximumSessionSeconds),
  );
}

/** When the newest refresh token ends if it is not used before; infinite where nothing limits it. */
export function expiresAtMs(ages: Ages, limits: LifetimeLimits): number {
  const idleFromMs = ages.rotation === 'every-use' ? ages.issuedAtMs : (ages.usedAtMs ?? ages.issuedAtMs);
  return Math.min(absoluteExpiryMs(ages, limits), after(idleFromMs, ages.lifetimes.idleSeconds));
}
