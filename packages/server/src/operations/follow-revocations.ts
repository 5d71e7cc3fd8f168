/**
 * Follows the feed of revocations for all who wait for it: one question to the database at a time, however many ask.
 *
 * Nobody is told "nothing new" on the strength of a look that is older than a second: where the database cannot be asked,
 * that is the answer, and a guard's list grows stale instead of wrong.
 * @module
 */
import type { PlacedRevocation, TokenLives } from '../domain/revocation.ts';
import { revocationsAfter } from '../store/revocations.ts';
import type { Core } from './core.ts';
import { feedAsOfNow } from './feed-as-of-now.ts';
import { placedRevocation, RevocationLog } from './revocation-log.ts';

/** How often is looked, as long as anybody asks; a fifth of the second in which a revocation is typically known. */
const lookEveryMs = 200;
/** An answer rests on a look that began no longer ago. */
const freshMs = 1_000;
/** Nobody asked for so long: nobody looks any more. */
const idleAfterMs = 60_000;
const rowsAtOnce = 1_000;

export interface FeedPlace {
  readonly epoch: string;
  readonly position: number;
}

export interface FeedHead extends FeedPlace {
  readonly issuedBeforeMs: number | null;
}

export interface RevocationFollower {
  /**
   * Where the feed ended within the last second.
   *
   * @param seen where it ended as another node has seen it: never before that, unless it was replaced meanwhile
   * @throws {DatabaseUnavailable}
   */
  head(seen?: FeedPlace | null): Promise<FeedHead>;
  /** What comes after a position, at most `limit`; known to {@link head} already. @throws {DatabaseUnavailable} */
  after(position: number, limit: number): Promise<readonly PlacedRevocation[]>;
  /** Resolves at the next change of the feed, after so long, when the caller gives up, or when the server stops. */
  change(withinMs: number, signal: AbortSignal): Promise<void>;
  /** Called with all that is new, after each look that found something; `null`: everything may be different. */
  subscribe(listener: (placed: readonly PlacedRevocation[] | null) => void): void;
  /** Nobody waits any longer, from now on. */
  close(): void;
  /** Who waits for a change now. */
  readonly waiting: number;
  readonly isClosed: boolean;
}

export function followRevocations(
  core: Pick<Core, 'database' | 'clock'>,
  lives: TokenLives,
): RevocationFollower {
  const { database } = core;
  const waiters = new Set<() => void>();
  const listeners: ((placed: readonly PlacedRevocation[] | null) => void)[] = [];
  let epoch = '';
  let issuedBeforeMs: number | null = null;
  let log = new RevocationLog(0);
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let flight: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  const look = async (): Promise<void> => {
    const beganAtMs = performance.now();
    const state = await feedAsOfNow(core, lives);
    const isOther = state.epoch !== epoch || state.head < log.head;
    if (isOther) log = new RevocationLog(state.head);
    epoch = state.epoch;
    issuedBeforeMs = state.issuedBeforeMs;
    const placed: PlacedRevocation[] = [];
    while (log.head < state.head) {
      const rows = (await revocationsAfter(database, log.head, rowsAtOnce)).map(placedRevocation);
      if (rows.length === 0) break;
      log.add(rows);
      placed.push(...rows);
    }
    lookedAtMs = beganAtMs;
    if (!isOther && placed.length === 0) return;
    for (const listener of listeners) listener(isOther ? null : placed);
    for (const wake of waiters) wake();
  };

  const lookOnce = (): Promise<void> => {
    flight ??= look().finally(() => {
      flight = null;
    });
    return flight;
  };

  const keepLooking = (): void => {
    if (timer !== null || isClosed) return;
    timer = setTimeout(async () => {
      // Whoever needs the answer asks again, and hears of it.
      await lookOnce().catch(() => undefined);
      timer = null;
      if (waiters.size > 0 || performance.now() - askedAtMs < idleAfterMs) keepLooking();
    }, lookEveryMs).unref();
  };

  return {
    async head(seen = null) {
      askedAtMs = performance.now();
      keepLooking();
      const isBehind = seen !== null && (seen.epoch !== epoch || seen.position > log.head);
      if (isBehind || askedAtMs - lookedAtMs > freshMs) await lookOnce();
      return { epoch, position: log.head, issuedBeforeMs };
    },
    async after(position, limit) {
      if (position >= log.floor) return log.after(position, limit);
      return (await revocationsAfter(database, position, limit)).map(placedRevocation);
    },
    change: (withinMs, signal) =>
      new Promise((resolve) => {
        if (isClosed || signal.aborted) return resolve();
        const wake = (): void => {
          clearTimeout(late);
          waiters.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const late = setTimeout(wake, withinMs);
        waiters.add(wake);
        signal.addEventListener('abort', wake);
      }),
    subscribe: (listener) => void listeners.push(listener),
    close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      for (const wake of waiters) wake();
    },
    get waiting() {
      return waiters.size;
    },
    get isClosed() {
      return isClosed;
    },
  };
}
