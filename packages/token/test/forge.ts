/** Builds tokens by hand, as an attacker would. @module */
import { createHmac, sign } from 'node:crypto';
import type { SigningKey } from '@tessera/token';

export function encode(part: object | string | Uint8Array): string {
  const bytes = part instanceof Uint8Array ? part : typeof part === 'string' ? part : JSON.stringify(part);
  return Buffer.from(bytes as string).toString('base64url');
}

/** Header and payload as given, well-formed or not, under a true ES256 or HS256 signature of the key. */
export function signParts(key: SigningKey, header: string, payload: string): string {
  const input = `${header}.${payload}`;
  const signature =
    key.alg === 'HS256'
      ? createHmac('sha256', key.keyObject).update(input).digest()
      : sign('sha256', Buffer.from(input), { key: key.keyObject, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

/** A token whose header and claims are the given texts, truly signed. */
export function signTexts(key: SigningKey, header: object | string, claims: object | string): string {
  return signParts(key, encode(header), encode(claims));
}

export function hmacToken(secret: Uint8Array | string, header: object, claims: object): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}
