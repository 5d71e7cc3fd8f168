/** Cookies that an answer sets. @module */
import type { Header } from '../plan/wire.ts';

export interface SetCookie {
  readonly name: string;
  /** Exactly as received. */
  readonly value: string;
  /** The whole header, attributes included. */
  readonly text: string;
}

/** In their order, without those that the answer deletes (RFC 6265 §5.2: `Max-Age` goes before `Expires`). */
export function readSetCookies(headers: readonly Header[], nowMs: number): SetCookie[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'set-cookie')
    .map(([, text]) => parsed(text))
    .filter(({ attributes }) => !isDeleted(attributes, nowMs));
}

function parsed(text: string): SetCookie & { readonly attributes: ReadonlyMap<string, string> } {
  const [pair = '', ...rest] = text.split(';');
  const [name, value] = split(pair);
  const attributes = rest.map(split).map(([key, one]) => [key.toLowerCase(), one] as const);
  return { name, value, text: text.trim(), attributes: new Map(attributes) };
}

function split(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair.trim(), ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
}

function isDeleted(attributes: ReadonlyMap<string, string>, nowMs: number): boolean {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0;
  const expires = Date.parse(attributes.get('expires') ?? '');
  return !Number.isNaN(expires) && expires <= nowMs;
}
