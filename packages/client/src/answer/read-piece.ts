/** One property of a response schema, found in an answer. @module */
import { firstOf, memberOf, readPath } from '../datatypes/value-path.ts';
import { percentDecode } from '../formats/encode-text.ts';
import type { AnswerPiece, AnswerRecipe } from '../plan/answer-recipe.ts';
import { headerValue, type WireResponse } from '../plan/wire.ts';
import type { AnswerDocument } from './read-document.ts';
import { readSetCookies } from './set-cookies.ts';

export interface FoundPiece {
  /** Undefined: the answer does not have it. */
  readonly value: unknown;
  /** A cookie's value exactly as received; null: it is from elsewhere. */
  readonly raw: string | null;
}

export interface AnswerSource {
  readonly response: WireResponse;
  /** Null: no property is in the body. */
  readonly document: AnswerDocument | null;
  /** Where the paths of properties begin. */
  readonly root: unknown;
  readonly nowMs: number;
}

export function findPiece(
  piece: AnswerPiece,
  source: AnswerSource,
  style: AnswerRecipe['cookieStyle'],
): FoundPiece {
  const found = located(piece, source, style);
  const absent = found.value === undefined || found.value === null || found.value === '';
  if (absent) return { value: piece.fallback, raw: null };
  const value = converted(piece, found.value);
  return { value, raw: found.raw !== null && value === found.value ? found.raw : null };
}

function located(piece: AnswerPiece, source: AnswerSource, style: AnswerRecipe['cookieStyle']): FoundPiece {
  const { response, document, nowMs } = source;
  const { place } = piece;
  switch (place.kind) {
    case 'body':
      return {
        value: document?.kind === 'text' ? document.value : inDocument(piece, source.root),
        raw: null,
      };
    case 'header':
      return { value: headerValue(response.headers, place.name) ?? undefined, raw: null };
    case 'request-cookie':
      return { value: response.sentCookie ?? undefined, raw: response.sentCookie ?? null };
    case 'all-cookies':
      return allCookies(response, nowMs, style);
    case 'cookie':
      return oneCookie(place.name, response, nowMs, style);
  }
}

function inDocument(piece: AnswerPiece, root: unknown): unknown {
  if (piece.place.kind !== 'body') return undefined;
  const { path } = piece.place;
  if (piece.parse === 'text') return ownText(firstOf(readPath(root, path)));
  // A text on the way may be a JSON document of its own.
  let value = root;
  for (const step of path) value = readPath(jsonIn(value), [step]);
  const inner = jsonIn(value);
  return memberOf(inner, piece.name) ?? inner;
}

/** Of an XML element with attributes, what it says beside them. */
function ownText(value: unknown): unknown {
  return memberOf(value, '_attr') === undefined ? value : memberOf(value, '_');
}

function jsonIn(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function allCookies(response: WireResponse, nowMs: number, style: AnswerRecipe['cookieStyle']): FoundPiece {
  if (style === 'original') {
    const texts = response.headers
      .filter(([name]) => name.toLowerCase() === 'set-cookie')
      .map(([, text]) => text);
    return { value: texts.length === 0 ? undefined : texts.join('; '), raw: null };
  }
  const pairs = new Map(readSetCookies(response.headers, nowMs).map(({ name, value }) => [name, value]));
  const write = (decode: (text: string) => string): string =>
    [...pairs].map(([name, value]) => `${name}=${decode(value)}`).join('; ');
  return pairs.size === 0
    ? { value: undefined, raw: null }
    : { value: write(percentDecode), raw: write((text) => text) };
}

function oneCookie(
  wanted: string,
  response: WireResponse,
  nowMs: number,
  style: AnswerRecipe['cookieStyle'],
): FoundPiece {
  const cookies = readSetCookies(response.headers, nowMs);
  const cookie = cookies.findLast(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (cookie === undefined) return { value: undefined, raw: null };
  return { value: percentDecode(cookie.value), raw: style === 'original' ? null : cookie.value };
}

function converted(piece: AnswerPiece, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const cut = between(value, piece.front, piece.end);
  return piece.encoding === 'base64' ? Buffer.from(cut, 'base64').toString('utf8') : cut;
}

/** What follows the first `front`, up to the next `end`; one that is not there cuts nothing. */
function between(text: string, front: string, end: string): string {
  const start = front === '' ? -1 : text.indexOf(front);
  const rest = start < 0 ? text : text.slice(start + front.length);
  const stop = end === '' ? -1 : rest.indexOf(end);
  return stop < 0 ? rest : rest.slice(0, stop);
}
