/** What an operator may set of this dialect. @module */
import type { GuessLimits } from '../../domain/guessing.ts';

export interface NebularOptions {
  /** Failures of password, one-time password and refresh token, counted together over all versions. */
  readonly guessLimits: GuessLimits;
  /** What this deployment is called where there are several. */
  readonly region: string;
  /** Longest life of a version 1 token, seconds. */
  readonly v1MaximumSeconds: number;
}

const minute = 60_000;
const hour = 60 * minute;
const longestLockMs = 24 * hour;

export const defaultOptions: NebularOptions = {
  guessLimits: {
    nameAndAddress: { failures: 5, windowMs: 15 * minute, firstLockMs: minute, longestLockMs },
    name: { failures: 20, windowMs: hour, firstLockMs: minute, longestLockMs },
    address: { failures: 100, windowMs: 15 * minute, firstLockMs: minute, longestLockMs },
  },
  region: 'default',
  v1MaximumSeconds: 86_400,
};
