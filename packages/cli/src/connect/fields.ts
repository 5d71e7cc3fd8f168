/** From options to the fields of a request. @module */

/** Without those that are null, which are options not given. */
export function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** The same as texts for a query; lists are joined by commas. */
export function givenQuery(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(given(fields)).map(([name, value]) => [name, String(value)]));
}
