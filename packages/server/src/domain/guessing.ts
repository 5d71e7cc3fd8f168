/** Slows guessing of passwords: failures are counted per name and address, per name, and per address. @module */

/** So many failures within the window close the door for a while; each closing lasts twice as long as the one before. */
export interface GuessLimit {
  readonly failures: number;
  readonly windowMs: number;
  readonly firstLockMs: number;
  readonly longestLockMs: number;
}

/** A counter as it is kept. */
export interface GuessCounter {
  readonly failures: number;
  readonly windowStartedAtMs: number;
  readonly locks: number;
  /** Until when attempts are refused unseen; null: they are not. */
  readonly lockedUntilMs: number | null;
}

const minute = 60_000;
const hour = 60 * minute;

/** What an attempt is counted under. A name counts alike whether it exists or not, so that being slowed discloses nothing. */
export type GuessLimits = Readonly<Record<'nameAndAddress' | 'name' | 'address', GuessLimit>>;

/** Generous: programs with a wrong password are many, and passwords good. */
export const usualGuessLimits: GuessLimits = {
  nameAndAddress: { failures: 30, windowMs: 15 * minute, firstLockMs: minute, longestLockMs: 24 * hour },
  name: { failures: 100, windowMs: hour, firstLockMs: minute, longestLockMs: hour },
  address: { failures: 1000, windowMs: 15 * minute, firstLockMs: minute, longestLockMs: hour },
};

/** Seconds until the next attempt is looked at, over all counters that concern it; 0: now. */
export function waitSeconds(counters: Iterable<GuessCounter>, nowMs: number): number {
  let untilMs = nowMs;
  for (const counter of counters) untilMs = Math.max(untilMs, counter.lockedUntilMs ?? 0);
  return Math.ceil((untilMs - nowMs) / 1000);
}

/** The counter after one more failure. */
export function countGuess(counter: GuessCounter | null, limit: GuessLimit, nowMs: number): GuessCounter {
  const fresh = counter === null || nowMs >= counter.windowStartedAtMs + limit.windowMs;
  const failures = fresh ? 1 : counter.failures + 1;
  const windowStartedAtMs = fresh ? nowMs : counter.windowStartedAtMs;
  const locks = forgotten(counter, limit, nowMs) ? 0 : (counter?.locks ?? 0);
  if (failures < limit.failures) return { failures, windowStartedAtMs, locks, lockedUntilMs: null };
  const lockMs = Math.min(limit.firstLockMs * 2 ** locks, limit.longestLockMs);
  return { failures: 0, windowStartedAtMs: nowMs, locks: locks + 1, lockedUntilMs: nowMs + lockMs };
}

/** Whether the last failure is so long ago that the next lock is a first one again. */
function forgotten(counter: GuessCounter | null, limit: GuessLimit, nowMs: number): boolean {
  return counter === null || nowMs >= counter.windowStartedAtMs + limit.longestLockMs + limit.windowMs;
}
