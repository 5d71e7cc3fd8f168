/** Signs tokens (RFC 7519 §7.1). @module */

import { maxTokenLength } from './jws.ts';
import type { SigningKey } from './key.ts';

export interface TokenHeaderOptions {
  /** The kind of token, default `JWT`; null leaves `typ` out. */
  readonly typ?: string | null;
}

/**
 * A token with header `alg`, `typ`, `kid`, `x5t#S256`, in this order, each as the key has it.
 *
 * @param claims an object, or its JSON when the caller has it ready; text is signed as it is
 * @throws {TypeError} when the claims are not a JSON object, or the token would be longer than verifiers take
 */
export function signToken(key: SigningKey, claims: object | string, header: TokenHeaderOptions = {}): string {
  const json = typeof claims === 'string' ? claims : JSON.stringify(claims);
  if (!json.startsWith('{')) throw new TypeError('the claims of a token are a JSON object');
  const input = `${encodedHeader(key, header.typ === undefined ? 'JWT' : header.typ)}.${encodeText(json)}`;
  const token = `${input}.${key.sign(input)}`;
  if (token.length > maxTokenLength) throw new TypeError(`a token has at most ${maxTokenLength} characters`);
  return token;
}

function encodedHeader(key: SigningKey, typ: string | null): string {
  const known = key.headers.get(typ);
  if (known !== undefined) return known;
  const encoded = encodeText(
    JSON.stringify({
      alg: key.alg,
      ...(typ === null ? {} : { typ }),
      ...(key.kid === null ? {} : { kid: key.kid }),
      ...(key.certificate === null ? {} : { 'x5t#S256': key.certificate.thumbprintSha256 }),
    }),
  );
  key.headers.set(typ, encoded);
  return encoded;
}

function encodeText(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}
