/** JWS Compact Serialization, read strictly (RFC 7515 §3.1, §5.2; RFC 8725 §3). @module */
import { decodeBase64url, decodeBase64urlText } from './base64url.ts';
import { TokenError } from './errors.ts';
import { maxKidLength, type VerificationKey } from './key.ts';
import type { KeySet } from './key-set.ts';
import { type JsonObject, type JsonValue, parseStrictObject } from './strict-json.ts';

/** In characters. Node refuses HTTP headers over 16 KiB in sum, so no longer token could travel as a Bearer token. */
export const maxTokenLength = 16_384;

/** The protected header as signed; frozen. */
export interface TokenHeader {
  readonly alg: string;
  readonly kid?: string;
  readonly typ?: string;
  readonly [name: string]: unknown;
}

export interface VerifiedJws<Payload = Buffer> {
  readonly header: TokenHeader;
  readonly key: VerificationKey;
  readonly payload: Payload;
}

/** A token cut into its three parts, before anything in it is believed. */
export interface TokenParts {
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
}

/** @throws {TokenError} `malformed`, `too_large` */
export function splitToken(token: string): TokenParts {
  if (token.length > maxTokenLength) throw new TokenError('too_large');
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  if (first < 1 || second === -1 || token.indexOf('.', second + 1) !== -1) throw new TokenError('malformed');
  return {
    header: token.slice(0, first),
    payload: token.slice(first + 1, second),
    signature: token.slice(second + 1),
  };
}

/**
 * Verifies signature and header; the payload may be any bytes. For tokens use `verifyToken`.
 *
 * The header names a key; the key, never the header, says which algorithm runs. `jwk`, `jku`, `x5u` and `x5c` are not looked
 * at (RFC 8725 §3.10).
 *
 * @throws {TokenError} `malformed`, `too_large`, `unsupported`, `unknown_key`, `bad_signature`
 */
export function verifyJws(token: string, keys: KeySet): VerifiedJws {
  return verifySigned(token, keys, decodeBase64url);
}

/**
 * {@link verifyJws} for any form of payload.
 *
 * @param decodePayload null for what is not canonical base64url
 */
export function verifySigned<Payload>(
  token: string,
  keys: KeySet,
  decodePayload: (encoded: string) => Payload | null,
): VerifiedJws<Payload> {
  const parts = splitToken(token);
  const known = newest?.text === parts.header ? newest.header : acceptedHeaders.get(parts.header);
  const header = known ?? readHeader(parts.header);
  const key = keys.find(header.kid ?? null, header.alg);
  if (key === null || key.alg !== header.alg) throw new TokenError('unknown_key');
  // Canonical parts are ASCII, so the signing input has one byte per character.
  const payload = decodePayload(parts.payload);
  if (payload === null) throw new TokenError('malformed');
  const input = token.slice(0, parts.header.length + 1 + parts.payload.length);
  if (!key.verify(input, parts.signature)) throw new TokenError('bad_signature');
  if (known === undefined) rememberHeader(parts.header, header);
  return { header, key, payload };
}

/**
 * Headers of tokens whose signature was right, by their encoded text: a key's tokens all begin alike. Reading a header is a pure
 * function of its text, so nothing here can go stale; strangers cannot fill it.
 */
const acceptedHeaders = new Map<string, TokenHeader>();
const maxAcceptedHeaders = 256;
/** Of these the one that came last, as most tokens are of the newest key: to compare a text is cheaper than to hash it. */
let newest: { readonly text: string; readonly header: TokenHeader } | null = null;

function rememberHeader(text: string, header: TokenHeader): void {
  if (acceptedHeaders.size >= maxAcceptedHeaders) acceptedHeaders.clear();
  acceptedHeaders.set(text, header);
  newest = { text, header };
}

/** @throws {TokenError} `malformed`, `unsupported` */
export function readHeader(encoded: string): TokenHeader {
  const text = decodeBase64urlText(encoded);
  const header = text === null ? null : parseStrictObject(text);
  if (header === null) throw new TokenError('malformed');
  const { alg, kid, typ } = header;
  if (typeof alg !== 'string' || !isOptionalText(kid) || !isOptionalText(typ))
    throw new TokenError('malformed');
  if (kid !== undefined && kid.length > maxKidLength) throw new TokenError('malformed');
  // crit names extensions that must be understood, and none is; the others change what is signed (RFC 7797) or how it reads.
  for (const name of ['crit', 'b64', 'zip', 'enc']) if (name in header) throw new TokenError('unsupported');
  return deepFreeze(header) as TokenHeader;
}

function isOptionalText(value: JsonValue | undefined): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

/** Shared values are frozen, so that one reader cannot change what the next one sees. */
export function deepFreeze<T extends JsonObject | JsonValue[]>(value: T): T {
  for (const item of Object.values(value)) if (typeof item === 'object' && item !== null) deepFreeze(item);
  return Object.freeze(value);
}
