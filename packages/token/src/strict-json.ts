/** JSON objects read strictly: no member twice, bounded depth, no lone surrogates (RFC 7515 §4, RFC 7493). @module */

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export interface JsonObject {
  [name: string]: JsonValue;
}

/** Objects and arrays within one another; a deeper text is refused before it is parsed. */
const maxJsonDepth = 32;

/**
 * The object that the text spells; null for anything else: invalid JSON, another kind of value, a member named twice at any
 * depth, a member named `__proto__`, deeper than {@link maxJsonDepth}, a lone surrogate.
 */
export function parseStrictObject(text: string): JsonObject | null {
  const members = countWrittenMembers(text);
  if (members === null) return null;
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  // JSON.parse keeps the last of two equal names, so a member written but not kept is a duplicate.
  if (countKeptMembers(value) !== members) return null;
  if (text.includes('\\u') && !isWellFormed(value)) return null;
  return value;
}

function parseJson(text: string): JsonValue | null {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}

const quote = 0x22;
const colon = 0x3a;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** In valid JSON a colon outside of a string is a member; null when the text is too deep or a string has no end. */
function countWrittenMembers(text: string): number | null {
  let members = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === quote) {
      at = endOfString(text, at);
      if (at === -1) return null;
    } else if (char === colon) members++;
    else if (char === openBrace || char === openBracket) {
      if (++depth > maxJsonDepth) return null;
    } else if (char === closeBrace || char === closeBracket) depth--;
  }
  return members;
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === backslash) before--;
  return (at - before) % 2 === 0;
}

/**
 * Inherited members count too, so a polluted Object.prototype refuses every token rather than adding claims.
 *
 * NaN, equal to no count, when a member is named `__proto__`: copying such an object could change its prototype.
 */
function countKeptMembers(value: JsonObject | JsonValue[]): number {
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value)
      if (typeof item === 'object' && item !== null) members += countKeptMembers(item);
    return members;
  }
  for (const name in value) {
    if (name === '__proto__') return Number.NaN;
    const item = value[name];
    members++;
    if (typeof item === 'object' && item !== null) members += countKeptMembers(item);
  }
  return members;
}

function isWellFormed(value: JsonValue): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, item]) => name.isWellFormed() && isWellFormed(item));
}

/** As {@link parseStrictObject}, with the members in the order in which they are written. */
export function parseStrictMembers(text: string): ReadonlyMap<string, JsonValue> | null {
  const object = parseStrictObject(text);
  return object === null ? null : new Map(memberNames(text).map((name) => [name, object[name] as JsonValue]));
}

/**
 * The names of an object's own members in the order in which they are written, which JavaScript objects do not keep.
 *
 * @param text that {@link parseStrictObject} has read
 */
function memberNames(text: string): readonly string[] {
  const names: string[] = [];
  let depth = 0;
  let lastString = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === quote) {
      const end = endOfString(text, at);
      lastString = text.slice(at, end + 1);
      at = end;
    } else if (char === openBrace || char === openBracket) depth++;
    else if (char === closeBrace || char === closeBracket) depth--;
    else if (char === colon && depth === 1) names.push(JSON.parse(lastString) as string);
  }
  return names;
}
