/** From options to the fields of a request. @module */
import { UsageError } from '../program/errors.ts';

/** Without those that are null, which are options not given. */
export function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/**
 * The fields, of which there must be one.
 *
 * @param key the flag that names what is to be changed
 * @throws {UsageError} nothing is
 */
export function someChange(fields: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  const changes = given(fields);
  if (Object.keys(changes).length > 0) return changes;
  throw new UsageError(`nothing to change: give a flag beside --${key}`);
}

/** The same as texts for a query; lists are joined by commas. */
export function givenQuery(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(given(fields)).map(([name, value]) => [name, String(value)]));
}
