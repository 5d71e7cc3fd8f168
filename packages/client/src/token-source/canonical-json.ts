/** One text for equal values. @module */
import { Secret } from '@tessera/token';

/**
 * Members in alphabetical order, whatever order they were written in; absence is null. Secrets are revealed: the text
 * goes into a hash and nowhere else.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(ordered(value));
}

function ordered(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return members.map(([name, member]) => [name, ordered(member)]);
}
