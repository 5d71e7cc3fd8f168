/** Datetimes as this dialect writes them: ISO 8601 with offset, in the zone that the client names. @module */

/**
 * `2026-11-22T09:23:02+02:00`.
 *
 * @param zone an IANA name; null or an unknown one: UTC
 */
export function wireDatetime(epochMs: number, zone: string | null): string {
  const format = zone === null ? null : formatIn(zone);
  if (format === null) return `${new Date(epochMs).toISOString().slice(0, 19)}+00:00`;
  const parts = new Map(format.formatToParts(epochMs).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const date = `${part('year')}-${part('month')}-${part('day')}`;
  const offset = part('timeZoneName').slice('GMT'.length);
  return `${date}T${part('hour')}:${part('minute')}:${part('second')}${offset === '' ? '+00:00' : offset}`;
}

/** Making a format is slow; there are some six hundred zones, and anybody may name others. */
const formats = new Map<string, Intl.DateTimeFormat>();
const longestName = 64;

function formatIn(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone);
  if (known !== undefined || zone.length > longestName) return known ?? null;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    });
    if (formats.size >= 1000) formats.clear();
    formats.set(zone, format);
    return format;
  } catch {
    return null;
  }
}
