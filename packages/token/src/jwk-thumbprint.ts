/** The thumbprint of a JWK (RFC 7638): a name for a key that everyone computes alike. @module */
import { hash } from 'node:crypto';
import { KeyError } from './errors.ts';
import type { JsonWebKey } from './jwk.ts';

/** The members that make the key, in lexicographic order (RFC 7638 §3.2, RFC 8037 §2). */
const essentialMembers: ReadonlyMap<string, readonly (keyof JsonWebKey)[]> = new Map([
  ['EC', ['crv', 'kty', 'x', 'y']],
  ['OKP', ['crv', 'kty', 'x']],
  ['RSA', ['e', 'kty', 'n']],
  ['oct', ['k', 'kty']],
]);

/**
 * SHA-256 in base64url. A private JWK has the thumbprint of its public half. That of a symmetric key is a hash of its secret:
 * do not publish it for a secret that could be guessed (RFC 7638 §7).
 *
 * @throws {KeyError} `malformed_key` when a member is missing
 */
export function jwkThumbprint(jwk: JsonWebKey): string {
  const members = essentialMembers.get(jwk.kty ?? '');
  if (members === undefined) throw new KeyError('malformed_key', 'the JWK is of an unknown kty');
  const essential = members.map((name) => [name, jwk[name]] as const);
  if (essential.some(([, value]) => typeof value !== 'string')) {
    throw new KeyError('malformed_key', 'the JWK lacks a required member');
  }
  return hash('sha256', JSON.stringify(Object.fromEntries(essential)), 'base64url');
}
