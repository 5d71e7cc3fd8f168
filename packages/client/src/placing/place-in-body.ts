/** A token in the body of a call: JSON objects and both kinds of form. @module */
import { isMembers, type Members, memberOf, writePath } from '../datatypes/value-path.ts';
import { percentDecode, percentEncode } from '../formats/encode-text.ts';
import { TokenClientError } from '../plan/errors.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import { type Header, headerValue, type WireRequest } from '../plan/wire.ts';
import { placeInMultipart } from './place-in-multipart.ts';

/** A call before its token is there. */
export interface PlaceableCall {
  readonly method: string;
  readonly headers: readonly Header[];
  /** `stream`: bytes that can be read only once. */
  readonly body: Uint8Array | 'stream' | null;
}

/**
 * Whether the plan's placements fit the call; asked before a token is fetched.
 *
 * @throws {TokenClientError} `placement_failed`
 * @see spec, F4 and F5
 */
export function assertPlaceable(plan: TokenPlan, call: PlaceableCall): void {
  for (const placement of plan.placements) {
    if (placement.kind !== 'body') continue;
    if (call.body === 'stream') throw failed('the body is a stream', 'Pass bytes, text or an object.');
    placeInBody(plan.bodyOnGet, { ...call, url: '', body: call.body }, placement.path, '');
  }
}

/** @throws {TokenClientError} `placement_failed` */
export function placeInBody(
  onGet: TokenPlan['bodyOnGet'],
  request: WireRequest,
  path: readonly string[],
  text: string,
): WireRequest {
  if (onGet === 'refused' && (request.method === 'GET' || request.method === 'HEAD')) {
    throw failed(
      `a ${request.method} has no body to put the token in`,
      'Set allowBodyOnGet, or place the token elsewhere.',
    );
  }
  const type = headerValue(request.headers, 'content-type')?.trim() ?? '';
  const body = placedBody(type, request.body, path, text);
  const typed: readonly Header[] =
    type === '' ? [...request.headers, ['Content-Type', 'application/json']] : request.headers;
  const headers = typed.map(
    (header): Header =>
      header[0].toLowerCase() === 'content-length' ? [header[0], String(body.length)] : header,
  );
  return { ...request, headers, body };
}

function placedBody(
  type: string,
  body: Uint8Array | null,
  path: readonly string[],
  text: string,
): Uint8Array {
  const media = type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (media === 'application/x-www-form-urlencoded') return placeInPairs(body, path.join('.'), text);
  if (media === 'multipart/form-data') return placeInMultipart(body, type, path.join('.'), text);
  if (media === '' || /^application\/(?:.+\+)?json$/.test(media)) return placeInJson(body, path, text);
  throw failed(
    `a body of type ${media} has no place for it`,
    'Send JSON or a form, or place the token elsewhere.',
  );
}

function placeInPairs(body: Uint8Array | null, name: string, text: string): Uint8Array {
  const pairs = new TextDecoder()
    .decode(body ?? new Uint8Array())
    .split('&')
    .filter(
      (pair) => pair !== '' && percentDecode((pair.split('=', 1)[0] ?? '').replaceAll('+', ' ')) !== name,
    );
  return new TextEncoder().encode([...pairs, `${percentEncode(name)}=${percentEncode(text)}`].join('&'));
}

function placeInJson(body: Uint8Array | null, path: readonly string[], text: string): Uint8Array {
  const document = body === null || body.length === 0 ? {} : parsed(body);
  let place: unknown = document;
  for (const name of path) {
    if (place !== undefined && (!isMembers(place) || isRawJson(place))) {
      throw failed(
        'the body, or the member to put it into, is no JSON object',
        'Send an object, or place the token elsewhere.',
      );
    }
    place = memberOf(place, name);
  }
  writePath(document as Members, path, text);
  return new TextEncoder().encode(JSON.stringify(document));
}

/** Numbers keep the digits they were written with: what a call sends is not ours to round. */
function parsed(body: Uint8Array): unknown {
  try {
    const decoded = new TextDecoder('utf-8', { fatal: true }).decode(body);
    return JSON.parse(decoded, (_name, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' && context?.source !== undefined && String(value) !== context.source
        ? rawJson(context.source)
        : value,
    );
  } catch {
    throw failed('the body is no JSON', 'Send a JSON object, or say its Content-Type.');
  }
}

/** ECMAScript's `JSON.parse` source text access, which the compiler's library does not describe yet. */
const { rawJSON: rawJson, isRawJSON: isRawJson } = JSON as unknown as {
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): boolean;
};

function failed(why: string, cure: string): TokenClientError {
  return new TokenClientError('placement_failed', 'call', `The token cannot be placed: ${why}.`, { cure });
}
