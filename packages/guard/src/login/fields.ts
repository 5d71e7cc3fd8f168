/** Reads name and password from the body of a login. @module */
import { parseStrictObject } from '@tessera/token';

/** Forms are the original's; JSON is for programs. */
export type LoginMediaType = 'form' | 'json';

/** @param contentType the header's value @returns null: another type */
export function loginMediaType(contentType: string | null): LoginMediaType | null {
  switch (contentType?.split(';', 1)[0]?.trim().toLowerCase()) {
    case 'application/x-www-form-urlencoded':
      return 'form';
    case 'application/json':
      return 'json';
    default:
      return null;
  }
}

export interface LoginFields {
  readonly userName: string;
  readonly password: string;
}

/** @returns null: unreadable, or not each field exactly once, in any letter case */
export function readLoginBody(bytes: Uint8Array, type: LoginMediaType): LoginFields | null {
  const text = decodeUtf8(bytes);
  if (text === null) return null;
  if (type === 'form') return pick(formEntries(text) ?? []);
  return readParsedBody(parseStrictObject(text));
}

/** For a body that the program's own parser read. */
export function readParsedBody(body: unknown): LoginFields | null {
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? pick(Object.entries(body))
    : null;
}

function pick(entries: readonly (readonly [string, unknown])[]): LoginFields | null {
  const userName = only(entries, 'username');
  const password = only(entries, 'password');
  return userName === null || password === null ? null : { userName, password };
}

function only(entries: readonly (readonly [string, unknown])[], name: string): string | null {
  const values = entries.flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : []));
  const [value] = values;
  return values.length === 1 && typeof value === 'string' ? value : null;
}

/** Not `URLSearchParams`, which forgives escapes that are none and so changes passwords. */
function formEntries(text: string): [string, string][] | null {
  try {
    return text
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const equals = pair.indexOf('=');
        const [name, value] = equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
        return [unescapeForm(name), unescapeForm(value)];
      });
  } catch {
    return null;
  }
}

function unescapeForm(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
