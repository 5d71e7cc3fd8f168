/** Durations as people write them: `24h`, `90m`, `1h30m`, `30d`. @module */

export type DurationUnit = 'days' | 'hours' | 'minutes' | 'seconds';

const secondsOf: Readonly<Record<DurationUnit, number>> = {
  days: 86_400,
  hours: 3_600,
  minutes: 60,
  seconds: 1,
};

/** A hundred years; more is a slip of the keyboard, and sums with dates stay exact. */
const maximumSeconds = 36_500 * secondsOf.days;

const withUnits = /^(?:(\d{1,10})d)?(?:(\d{1,10})h)?(?:(\d{1,10})m)?(?:(\d{1,10})s)?$/;
const bareNumber = /^\d{1,10}$/;

/** Text that is not a duration. */
export class DurationError extends Error {
  override readonly name: 'DurationError' = 'DurationError';
}

/**
 * Whole numbers with `d`, `h`, `m`, `s` in falling order, each at most once, without spaces.
 *
 * @param options.bareNumber what a number without a unit counts; not given: such a number is refused
 * @returns whole seconds, 0 included, at most a hundred years
 * @throws {DurationError} for everything else: empty, negative, fractions, other units
 */
export function parseDuration(text: string, options: { readonly bareNumber?: DurationUnit } = {}): number {
  const seconds = parseSeconds(text, options.bareNumber ?? null);
  if (seconds !== null && seconds <= maximumSeconds) return seconds;
  throw new DurationError('write a duration such as 24h, 90m or 30d');
}

function parseSeconds(text: string, bareUnit: DurationUnit | null): number | null {
  if (bareNumber.test(text)) return bareUnit === null ? null : Number(text) * secondsOf[bareUnit];
  const parts = text === '' ? null : withUnits.exec(text);
  if (parts === null) return null;
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  return (
    (days ?? 0) * secondsOf.days +
    (hours ?? 0) * secondsOf.hours +
    (minutes ?? 0) * secondsOf.minutes +
    (seconds ?? 0)
  );
}

/**
 * The shortest text that {@link parseDuration} reads back: `1d`, `1h30m`, `0s`.
 *
 * @throws {RangeError} for what is not a whole number of seconds between 0 and a hundred years
 */
export function formatDuration(seconds: number): string {
  if (!Number.isSafeInteger(seconds) || seconds < 0 || seconds > maximumSeconds) {
    throw new RangeError('a duration is a whole number of seconds, at most a hundred years');
  }
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / secondsOf.days), 'd'],
    [Math.floor(seconds / secondsOf.hours) % 24, 'h'],
    [Math.floor(seconds / secondsOf.minutes) % 60, 'm'],
    [seconds % 60, 's'],
  ];
  const text = parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('');
  return text === '' ? '0s' : text;
}
