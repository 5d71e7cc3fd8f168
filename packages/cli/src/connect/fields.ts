/** From options to the fields of a request. @module */
import { UsageError } from '../program/errors.ts';

/** Without those that are null, which are options not given. */
export function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** The same for a change. @throws {UsageError} there is nothing to change */
export function givenChange(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const changes = given(fields);
  if (Object.keys(changes).length > 0) return changes;
  const names = Object.keys(fields).map((name) => `--${name.replaceAll('_', '-')}`);
  throw new UsageError(`nothing to change: give ${names.join(' or ')}`);
}

/** The same as texts for a query; lists are joined by commas. */
export function givenQuery(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(given(fields)).map(([name, value]) => [name, String(value)]));
}
