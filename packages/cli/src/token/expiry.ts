/** When a token that is to be granted ends: after a while, or at a moment. @module */
import { DurationError, parseDuration } from '@tessera/token';
import { UsageError } from '../program/errors.ts';

/** A date, or a date and time with its offset; without one it could mean any of twenty-four. */
const isoDate = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** @throws {UsageError} */
export function readExpiry(text: string, nowMs: number): Date {
  const date = isoDate.test(text) ? new Date(text) : new Date(nowMs + durationSeconds(text) * 1000);
  if (!Number.isNaN(date.getTime())) return date;
  throw new UsageError(advice);
}

const advice = '--expiry takes a duration such as 10d, or a date such as 2030-12-31 or 2030-12-31T12:00:00Z';

function durationSeconds(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof DurationError) throw new UsageError(advice);
    throw error;
  }
}
