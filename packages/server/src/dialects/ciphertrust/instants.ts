/** Reads instants: RFC 3339, or so and so long ago. @module */
import { parseRfc3339 } from '../../http/rfc3339.ts';
import { wrong } from './reader.ts';

const relative = /^(?:-(\d{1,4})Y)?(?:-(\d{1,5})M)?(?:-(\d{1,6})D)?$/;
const dayMs = 86_400_000;

/**
 * Epoch milliseconds of an RFC 3339 time; finer fractions are dropped.
 *
 * @throws {ProblemError} `invalid_value` naming the field
 */
export function readInstant(text: string, field: string): number {
  const instant = parseRfc3339(text);
  if (instant === null) throw wrong(field, 'must be a time such as 2026-05-01T10:16:21Z');
  return instant;
}

/**
 * As {@link readInstant}, or relative to now: `-1Y-2M-5D` is a year, two months and five days ago (UTC).
 *
 * @throws {ProblemError} `invalid_value` naming the field
 */
export function readInstantOrAge(text: string, field: string, nowMs: number): number {
  const instant = parseRfc3339(text) ?? parseAge(text, nowMs);
  if (instant === null)
    throw wrong(field, 'must be a time such as 2026-05-01T10:16:21Z, or an age such as -1Y-2M-5D');
  return instant;
}

function parseAge(text: string, nowMs: number): number | null {
  const match = relative.exec(text);
  if (match === null || text === '') return null;
  const [years, months, days] = match.slice(1).map((part) => Number(part ?? 0)) as [number, number, number];
  const date = new Date(nowMs);
  const dayOfMonth = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() - years * 12 - months);
  // The 31st of a month that has only 30 days is its last day.
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(dayOfMonth, lastDay));
  const instant = date.getTime() - days * dayMs;
  return Number.isFinite(instant) ? instant : null;
}
