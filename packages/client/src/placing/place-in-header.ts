/** A token in a header. @module */
import type { Header } from '../plan/wire.ts';
import { assertSafeHeader } from './safe-header.ts';

/**
 * Replaces every header of that name; cookies are merged by their names.
 *
 * @throws {TokenClientError} `unsafe_header`
 */
export function setHeader(headers: readonly Header[], name: string, value: string): Header[] {
  assertSafeHeader(name, value);
  const wanted = name.toLowerCase();
  const placed: Header[] = [];
  let written = value;
  for (const header of headers) {
    if (header[0].length !== wanted.length || header[0].toLowerCase() !== wanted) placed.push(header);
    else if (wanted === 'cookie') written = mergedCookies(header[1], written);
  }
  placed.push([name, written]);
  return placed;
}

function mergedCookies(before: string, added: string): string {
  const names = new Set(cookiesOf(added).map(nameOf));
  const kept = cookiesOf(before).filter((cookie) => !names.has(nameOf(cookie)));
  return [...kept, ...cookiesOf(added)].join('; ');
}

function cookiesOf(text: string): string[] {
  return text
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== '');
}

function nameOf(cookie: string): string {
  return cookie.split('=', 1)[0]?.trim() ?? '';
}
