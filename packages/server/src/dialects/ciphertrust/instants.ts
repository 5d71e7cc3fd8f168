/** Reads instants: RFC 3339, or so and so long ago. @module */
import { wrong } from './reader.ts';

const rfc3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;
const relative = /^(?:-(\d{1,4})Y)?(?:-(\d{1,5})M)?(?:-(\d{1,6})D)?$/;
const minuteMs = 60_000;
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

function parseRfc3339(text: string): number | null {
  const match = rfc3339.exec(text);
  if (match === null) return null;
  const [year, month, day, hours, minutes, seconds] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [, , , , , , , fraction = '', sign = '+', offsetHours = '0', offsetMinutes = '0'] = match;
  if (hours > 23 || minutes > 59 || seconds > 60 || Number(offsetHours) > 23 || Number(offsetMinutes) > 59)
    return null;
  const dateMs = dateOf(year, month, day);
  if (dateMs === null) return null;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1);
  const timeMs =
    (hours * 60 + minutes - offset) * minuteMs + seconds * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3));
  return dateMs + timeMs;
}

/** Midnight of a day that the calendar has. */
function dateOf(year: number, month: number, day: number): number | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : null;
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
