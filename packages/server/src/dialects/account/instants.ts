/** Instants as this API reads and writes them. @module */
import { parseRfc3339 } from '../../http/rfc3339.ts';
import { wrong } from '../../http/strict-reader.ts';

/** Epoch milliseconds; null where nothing was given. @throws {ProblemError} `invalid_value` naming the field */
export function instantOrNull(field: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const instant = parseRfc3339(text);
  if (instant === null) throw wrong(field, 'must be a time such as 2026-05-01T10:16:21Z');
  return instant;
}

/** ISO 8601 in UTC. */
export function wireInstant<At extends number | null>(epochMs: At): At extends null ? string | null : string {
  return (epochMs === null ? null : new Date(epochMs).toISOString()) as never;
}
