/** How this API writes times. @module */

/** ISO 8601 in UTC, with milliseconds. */
export function wireTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

export function wireTimeOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : wireTime(epochMs);
}
