/** Tokens for the programs under test, and hands to forge them. @module */
import { createHmac } from 'node:crypto';
import { type GrantOptions, grantJsonWebToken } from '@tessera/token';

export const signingKey = 'forty-two bytes that only these tests know';

/** As the guard of a test expects them, unless told otherwise. */
export function grant(options: Partial<GrantOptions> = {}): string {
  return grantJsonWebToken({ identity: 'Adam', signingKey, ...options }, () => {});
}

export function bearer(token: string): readonly [string, string] {
  return ['Authorization', `Bearer ${token}`];
}

export function encode(part: object | string): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

/** Header and claims as given, truly signed with the key by HMAC of that hash. */
export function forge(
  header: object | string,
  claims: object | string,
  key: string = signingKey,
  hash: string = 'sha256',
): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createHmac(hash, key).update(input).digest('base64url')}`;
}

export const hs256: object = { alg: 'HS256', typ: 'JWT' };

/** Claims that a guard with defaults accepts. */
export function soundClaims(changes: object = {}): object {
  const nowSeconds = Math.floor(Date.now() / 1000);
  return {
    sub: 'UniversalDashboard',
    nbf: nowSeconds,
    exp: nowSeconds + 600,
    iss: 'poshud.com',
    aud: 'UniversalDashboard',
    ...changes,
  };
}

export function challenge(description: string): string {
  return `Bearer error="invalid_token", error_description="${description}"`;
}
