/** When a granted token ends. @module */
import { lastSecond } from '../claims.ts';
import { tokenWarning, type Warn } from './warnings.ts';

/** 2038-01-19T03:14:07Z */
const last32BitSecond = 2 ** 31 - 1;

/**
 * Whole seconds since 1970, rounded down.
 *
 * @param expiry null: a calendar year after `now`
 * @throws {TypeError} for what is no date, not after `now`, or beyond the year 9999, which verifiers refuse
 */
export function expirySeconds(now: Date, expiry: Date | null, warn: Warn): number {
  const end = expiry ?? oneYearAfter(now);
  const seconds = end instanceof Date ? Math.floor(end.getTime() / 1000) : Number.NaN;
  if (Number.isNaN(seconds)) throw new TypeError('expiry is not a valid date');
  if (seconds <= Math.floor(now.getTime() / 1000)) throw new TypeError('expiry is not in the future');
  if (seconds > lastSecond) throw new TypeError('expiry is beyond the year 9999');
  if (seconds > last32BitSecond) warn(tokenWarning('TESSERA_EXPIRY_BEYOND_2038'));
  return seconds;
}

/** The same moment of the next year in UTC; 29 February becomes 28. */
function oneYearAfter(now: Date): Date {
  const end = new Date(now);
  end.setUTCFullYear(now.getUTCFullYear() + 1);
  if (end.getUTCMonth() !== now.getUTCMonth()) end.setUTCDate(0);
  return end;
}
