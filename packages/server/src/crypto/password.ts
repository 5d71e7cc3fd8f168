/** Password hashes (Argon2id) and the bounded queue that keeps a flood of sign-ins from starving everything else. @module */
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { ProblemError } from '../domain/problem.ts';

export interface PasswordHasher {
  /** @returns a PHC string */
  readonly hash: (password: string) => Promise<string>;
  /**
   * Whether the password fits. Takes as long for `null` (no such user, no password) as for a real hash.
   *
   * @throws {ProblemError} `unavailable` when too many wait already
   */
  readonly verify: (phc: string | null, password: string) => Promise<boolean>;
  /** How many hashes wait or run. */
  readonly depth: () => number;
}

/** OWASP's first choice for Argon2id where memory is scarce: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** How many may wait: at over 100 hashes a second, the last one in waits about two seconds. */
const maximumWaiting = 256;

/** A fixed hash of a password nobody knows, so that an unknown name costs what a known one does. */
const nobody =
  '$argon2id$v=19$m=19456,t=2,p=1$juDrhOLi/F4Tslnwy6lXFA$Xo1rRwGXI16Sf6P3OahEFU5W7JvnPfWkO1kZ0m9nock';

/**
 * How many rounds of hashes are told together while others wait, a round being as many as run at once; by whether more than a
 * short line's worth of them is left in line. Whoever is told soon signs in again, and must not find that no hash ran meanwhile.
 */
const roundsTogether = { shortLine: 2, longLine: 4 };

/**
 * While callers wait in line, those whose hash is done are told a few at a time. Every hash empties the processor's caches, so
 * that what follows it costs two to three times as much as usual: done for several, it pays that once, and their writes share a
 * commit. Where nobody waits, nobody is held back.
 *
 * @param concurrency hashes at once; more than there are cores only slows each of them
 */
export function createPasswordHasher(concurrency: number = availableParallelism()): PasswordHasher {
  const waiting: (() => void)[] = [];
  const done: (() => void)[] = [];
  let running = 0;

  /** Resolves when enough are done, or the line is empty; as long as it is not, a hash runs, which comes here in turn. */
  const together = (): Promise<void> =>
    new Promise((resolve) => {
      done.push(resolve);
      const { shortLine, longLine } = roundsTogether;
      const rounds = waiting.length > shortLine * concurrency ? longLine : shortLine;
      if (waiting.length > 0 && done.length < rounds * concurrency) return;
      for (const tell of done.splice(0)) tell();
    });

  const run = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= concurrency) {
      if (waiting.length >= maximumWaiting) {
        throw new ProblemError({ kind: 'unavailable', reason: 'password_queue_full', retryAfterSeconds: 2 });
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      // The place goes to the next in line, or becomes free.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
      await together();
    }
  };

  return {
    hash: (password) => run(() => hash(password, cost)),
    verify: (phc, password) => run(() => verify(phc ?? nobody, password)),
    depth: () => running + waiting.length,
  };
}
