/** One signing key of each algorithm, made once for all tests of a file. @module */
import { type Algorithm, generateSigningKey, type SigningKey } from '@tessera/token';

export const algorithms: readonly Algorithm[] = [
  'HS256',
  'HS384',
  'HS512',
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
  'Ed25519',
];

const keys = new Map<Algorithm, SigningKey>();

export function signingKey(alg: Algorithm): SigningKey {
  const key = keys.get(alg) ?? generateSigningKey(alg, { rsaBits: 2048 });
  keys.set(alg, key);
  return key;
}
