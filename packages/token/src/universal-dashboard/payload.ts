/** What a granted token may carry besides its own claims. @module */
import { hashClaim, nameClaim, nameIdentifierClaim, roleClaim } from '../claim-names.ts';
import type { JsonValue } from '../strict-json.ts';

export type TokenPayload = Readonly<Record<string, JsonValue>> | ReadonlyMap<string, JsonValue>;

/** In lower case. An entry of such a name could forge an identity, a role or a lifetime. */
const reservedNames: ReadonlySet<string> = new Set(
  [nameClaim, hashClaim, 'sub', roleClaim, 'nbf', 'exp', 'iss', 'aud']
    .concat('iat', 'jti', 'role', 'roles', 'unique_name', 'nameid', nameIdentifierClaim)
    .map((name) => name.toLowerCase()),
);

/** Verifiers read 32 levels, and the payload's values are on the second. */
const maxValueDepth = 31;

/**
 * The entries in the order given; of an object, integer-like names first, as JavaScript has them.
 *
 * @throws {TypeError} naming the entry: a reserved name, in any letter case; a value that JSON does not have
 */
export function payloadEntries(payload: TokenPayload): readonly (readonly [string, JsonValue])[] {
  const entries = payload instanceof Map ? [...payload] : Object.entries(plainObject(payload));
  for (const [name, value] of entries) {
    if (typeof name !== 'string') throw new TypeError('a payload key is text');
    const shown = JSON.stringify(name);
    if (!name.isWellFormed() || name === '__proto__')
      throw new TypeError(`payload key ${shown} is not allowed`);
    if (reservedNames.has(foldCase(name))) throw new TypeError(`payload key ${shown} is a claim of its own`);
    const fault = faultOf(value, maxValueDepth);
    if (fault !== null) throw new TypeError(`payload key ${shown} ${fault}`);
  }
  return entries as readonly (readonly [string, JsonValue])[];
}

function plainObject(payload: unknown): object {
  if (isPlainObject(payload)) return payload;
  throw new TypeError('the payload is an object or a Map');
}

/** Upper case first: some letters, such as the long s, meet others only there. */
function foldCase(name: string): string {
  return name.toUpperCase().toLowerCase();
}

/** Why the value is not one that JSON gives back as it was; null where it is. */
function faultOf(value: unknown, depth: number): string | null {
  if (value === null || typeof value === 'boolean') return null;
  if (typeof value === 'string') return value.isWellFormed() ? null : 'has text that is not well-formed';
  if (typeof value === 'number')
    return Number.isFinite(value) ? null : 'has a number that JSON does not have';
  if (typeof value !== 'object') return `has a value of type ${typeof value}`;
  if (depth === 0) return 'is too deep';
  if (Array.isArray(value)) return faultOfAny(Array.from(value), depth);
  if (!isPlainObject(value)) return 'has a value that is not plain JSON';
  if (Object.hasOwn(value, '__proto__') || !Object.keys(value).every((name) => name.isWellFormed())) {
    return 'has a member name that is not allowed';
  }
  return faultOfAny(Object.values(value), depth);
}

function faultOfAny(values: readonly unknown[], depth: number): string | null {
  for (const value of values) {
    const fault = faultOf(value, depth - 1);
    if (fault !== null) return fault;
  }
  return null;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
