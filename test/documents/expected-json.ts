/**
 * JSON compared with what a document expects of it.
 *
 * Texts are templates. A whole value may also be written `"<number>"`, `"<boolean>"`, `"<object>"`, `"<list>"` or
 * `"<any>"`. Every member must be written down, unless the object ends with `"...": "..."`; every element too, unless
 * the list ends with `"..."`.
 * @module
 */
import { type Captures, matches } from './template.ts';

const more = '...';

const typeMatchers: Readonly<Record<string, (value: unknown) => boolean>> = {
  '<number>': (value) => typeof value === 'number',
  '<boolean>': (value) => typeof value === 'boolean',
  '<object>': isObject,
  '<list>': Array.isArray,
  '<any>': () => true,
};

/** Every difference, as `path: what is wrong`; `path` is a dotted path from the answer's root. */
export function differences(expected: unknown, actual: unknown, captures: Captures, path = '$'): string[] {
  if (Array.isArray(expected)) return listDifferences(expected, actual, captures, path);
  if (isObject(expected)) return objectDifferences(expected, actual, captures, path);
  return isEqual(expected, actual, captures)
    ? []
    : [`${path}: expected ${show(expected)}, got ${show(actual)}`];
}

function isEqual(expected: unknown, actual: unknown, captures: Captures): boolean {
  if (typeof expected !== 'string') return expected === actual;
  const ofType = typeMatchers[expected];
  if (ofType !== undefined) return ofType(actual);
  return typeof actual === 'string' && matches(expected, actual, captures);
}

function listDifferences(expected: unknown[], actual: unknown, captures: Captures, path: string): string[] {
  if (!Array.isArray(actual)) return [`${path}: expected a list, got ${show(actual)}`];
  const open = expected.at(-1) === more;
  const written = open ? expected.slice(0, -1) : expected;
  if (open ? actual.length < written.length : actual.length !== written.length) {
    return [`${path}: expected ${written.length} elements, got ${actual.length}: ${show(actual)}`];
  }
  return written.flatMap((element, at) => differences(element, actual[at], captures, `${path}[${at}]`));
}

function objectDifferences(
  expected: Record<string, unknown>,
  actual: unknown,
  captures: Captures,
  path: string,
): string[] {
  if (!isObject(actual)) return [`${path}: expected an object, got ${show(actual)}`];
  const written = Object.keys(expected).filter((name) => name !== more);
  const unknown = more in expected ? [] : Object.keys(actual).filter((name) => !written.includes(name));
  return [
    ...written.flatMap((name) =>
      name in actual
        ? differences(expected[name], actual[name], captures, `${path}.${name}`)
        : [`${path}.${name}: is missing`],
    ),
    ...unknown.map((name) => `${path}.${name}: is not in the document; got ${show(actual[name])}`),
  ];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
