/** Slows whoever guesses passwords, before a hash is spent on them. @module */
import { hash } from 'node:crypto';
import { type GuessCounter, type GuessLimits, waitSeconds } from '../domain/guessing.ts';
import { ProblemError } from '../domain/problem.ts';
import type { Write } from '../store/database.ts';
import { clearGuess, countGuess, readGuesses } from '../store/guesses.ts';
import type { Account } from './check-password.ts';
import type { Core } from './core.ts';

/** The counters one attempt concerns. Names are hashed: people type passwords into the wrong field. */
export interface GuessKeys {
  readonly nameAndAddress: string;
  readonly name: string;
  readonly address: string;
}

export function guessKeysOf(account: Account, address: string): GuessKeys {
  const name = [keyOfName(account.domain ?? 'root'), account.connection, keyOfName(account.username)];
  return {
    nameAndAddress: guessKeyOf('both', ...name, address),
    name: guessKeyOf('name', ...name),
    address: guessKeyOf('address', address),
  };
}

/** The counter of what these words say. */
export function guessKeyOf(...words: readonly string[]): string {
  return hash('sha256', JSON.stringify(words), 'base64url');
}

/** A name written in other letters is the same name: else each spelling had guesses of its own. */
const keyOfName = (name: string): string => name.toLowerCase().normalize('NFC');

/**
 * Gives the counters, by their keys; what never failed has none.
 *
 * @throws {ProblemError} `too_many_attempts` while one of the counters is closed
 */
export async function refuseWhileSlowed(
  core: Core,
  keys: GuessKeys | readonly string[],
): Promise<ReadonlyMap<string, GuessCounter>> {
  const counters = await readGuesses(core.database, Object.values(keys));
  const seconds = waitSeconds(counters.values(), core.clock());
  if (seconds === 0) return counters;
  throw new ProblemError({
    kind: 'too_many_attempts',
    reason: 'guessing_slowed',
    retryAfterSeconds: seconds,
  });
}

/** Counts a failed attempt under each of its keys. */
export function countFailedAttempt(core: Core, keys: GuessKeys, limits: GuessLimits): Write[] {
  const nowMs = core.clock();
  return [
    countGuess(core.database, keys.nameAndAddress, limits.nameAndAddress, nowMs),
    countGuess(core.database, keys.name, limits.name, nowMs),
    countGuess(core.database, keys.address, limits.address, nowMs),
  ];
}

/** Forgets the failures of this name from this address, as a complete sign-in does; the wider counters stay. */
export function clearFailedAttempts(
  core: Core,
  keys: GuessKeys,
  counters: ReadonlyMap<string, GuessCounter>,
): Write[] {
  return counters.has(keys.nameAndAddress) ? [clearGuess(core.database, keys.nameAndAddress)] : [];
}
