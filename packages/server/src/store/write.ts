/** How statements become parts of a write. @module */
import type { Compilable } from 'kysely';
import type { Write } from './database.ts';

/** A statement that may change any number of rows, also none. */
export function changesAny(query: Compilable): Write {
  return { query, mustChange: 'any' };
}

/** A statement without whose one changed row the whole write fails. */
export function changesOne(query: Compilable): Write {
  return { query, mustChange: 'one' };
}
