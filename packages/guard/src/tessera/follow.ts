/** Asks a server again and again for what is new, and knows how old its newest answer is. @module */
import { causeOf, type Log } from '../guard/log.ts';
import { pause, retryDelayMs } from './retries.ts';
import { ServerError } from './server-error.ts';

export interface Following {
  start(): void;
  close(): void;
  /** Resolves when the first answer is there, or the first attempt has failed. Starts what was not started. */
  first(): Promise<void>;
  /** Since the beginning of the request that brought the newest answer; infinite: there was none. */
  ageMs(): number;
  /** For `metrics()`. */
  readonly counts: Readonly<Record<'answers' | 'failures', number>>;
}

export interface FollowOptions {
  /** What is followed, for the log: `feed of revocations`. */
  readonly what: string;
  /** Asks once, and takes in the answer. @throws {ServerError} */
  readonly ask: (signal: AbortSignal) => Promise<'continue' | { readonly pauseMs: number }>;
  readonly log: Log;
}

/**
 * How long an answer may wait for news, in whole seconds: what is followed must not grow stale by the waiting alone.
 *
 * @param mostSeconds within which a dead connection has to be noticed
 */
export function waitFor(mostSeconds: number, maxStaleSeconds: number): number {
  return Math.max(0, Math.floor(Math.min(mostSeconds, maxStaleSeconds / 4)));
}

/** Milliseconds of a clock that never goes back. */
const monotonic = (): number => performance.now();

export function follow({ what, ask, log }: FollowOptions): Following {
  const closing = new AbortController();
  const begun = Promise.withResolvers<void>();
  const counts = { answers: 0, failures: 0 };
  let answeredAtMs = Number.NEGATIVE_INFINITY;
  let isStarted = false;
  let failuresInRow = 0;

  const failed = (error: unknown): number => {
    counts.failures += 1;
    failuresInRow += 1;
    if (failuresInRow === 1) {
      const cause = error instanceof ServerError ? error.message : causeOf(error, []);
      log({
        code: 'TESSERA_SERVER_UNAVAILABLE',
        message: `the ${what} cannot be followed; it is tried again`,
        cause,
      });
    }
    return retryDelayMs(failuresInRow);
  };
  const answered = (askedAtMs: number): void => {
    answeredAtMs = askedAtMs;
    counts.answers += 1;
    if (failuresInRow > 0)
      log({ code: 'TESSERA_SERVER_BACK', message: `the ${what} is followed again`, cause: null });
    failuresInRow = 0;
  };
  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const askedAtMs = monotonic();
      let pauseMs = 0;
      try {
        const next = await ask(closing.signal);
        answered(askedAtMs);
        if (next !== 'continue') pauseMs = next.pauseMs;
      } catch (error) {
        if (closing.signal.aborted) return;
        pauseMs = failed(error);
      }
      begun.resolve();
      if (pauseMs > 0) await pause(pauseMs, closing.signal);
    }
  };
  const start = (): void => {
    if (isStarted || closing.signal.aborted) return;
    isStarted = true;
    void run();
  };

  return {
    start,
    first() {
      start();
      return begun.promise;
    },
    close() {
      closing.abort();
      begun.resolve();
    },
    ageMs: () => monotonic() - answeredAtMs,
    counts,
  };
}
