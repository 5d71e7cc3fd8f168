/** The headers a call goes out with, before the token is placed. @module */
import type { Header } from '../plan/wire.ts';

/**
 * The caller's headers, the configured ones where the caller has none of that name, and what is usual where neither has.
 *
 * Written for the ordinary case of a few headers: it runs for every call.
 */
export function callHeaders(
  given: Iterable<Header>,
  configured: readonly Header[],
  usual: readonly Header[],
): Header[] {
  const headers: Header[] = [];
  for (const [name, value] of given) {
    if (!hopByHop.has(name.toLowerCase())) headers.push([name, value]);
  }
  for (const header of configured) addUnlessThere(headers, header);
  for (const header of usual) addUnlessThere(headers, header);
  return headers;
}

/** These are the connection's; a length that is wrong would cut the request short. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

function addUnlessThere(headers: Header[], header: Header): void {
  if (!headers.some(([name]) => isSameName(name, header[0]))) headers.push(header);
}

/** The headers of the token in place of those of the same names. */
export function withPlacedHeaders(headers: readonly Header[], placed: readonly Header[]): Header[] {
  const kept = headers.filter(([name]) => !placed.some(([other]) => isSameName(name, other)));
  kept.push(...placed);
  return kept;
}

function isSameName(one: string, other: string): boolean {
  return one.length === other.length && (one === other || one.toLowerCase() === other.toLowerCase());
}
