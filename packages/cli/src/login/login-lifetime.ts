/** How long a login shall live, and how long the server let it. @module */
import { UsageError } from '../program/errors.ts';

const defaultDays = 30;
const minutesPerHour = 60;
const minutesPerDay = 24 * minutesPerHour;

/**
 * @returns whole minutes, as the server takes them
 * @throws {UsageError} nothing at all
 */
export function lifetimeMinutes(days: number | null, hours: number | null): number {
  if (days === null && hours === null) return defaultDays * minutesPerDay;
  const minutes = (days ?? 0) * minutesPerDay + (hours ?? 0) * minutesPerHour;
  if (minutes > 0 && Number.isSafeInteger(minutes)) return minutes;
  throw new UsageError('--days and --hours together must be at least an hour, and not beyond all time');
}

/**
 * @param seconds as granted: the server may give less than was asked for; null: the login does not end
 * @returns `this login will expire in 10 days, 10 hours`
 */
export function describeLifetime(seconds: number | null): string {
  if (seconds === null) return 'this login does not expire';
  // Granted seconds are rounded down on their way; a part of a minute counts as the minute it came from.
  const minutes = Math.ceil(seconds / 60);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(minutes / minutesPerDay), 'day'],
    [Math.floor(minutes / minutesPerHour) % 24, 'hour'],
    [minutes % minutesPerHour, 'minute'],
  ];
  const words = parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`);
  return `this login will expire in ${words.join(', ') || '0 minutes'}`;
}
