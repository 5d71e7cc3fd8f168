/** The signature algorithms of RFC 7518 §3, RFC 8037 and RFC 9864 that this package speaks, and what a key for each must be. @module */

/** `Ed25519` (RFC 9864) and `EdDSA` (RFC 8037) sign alike; a key is bound to one of the two names. */
export type Algorithm =
  | 'HS256'
  | 'HS384'
  | 'HS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'EdDSA'
  | 'Ed25519';

export type Hash = 'sha256' | 'sha384' | 'sha512';

/** What an algorithm asks of its key; `kty` and `crv` are the JWK names, `namedCurve` is OpenSSL's. */
export type AlgorithmFacts =
  | { readonly family: 'hmac'; readonly kty: 'oct'; readonly hash: Hash; readonly minimumSecretBytes: number }
  | { readonly family: 'rsa'; readonly kty: 'RSA'; readonly hash: Hash; readonly padding: 'pkcs1' | 'pss' }
  | {
      readonly family: 'ecdsa';
      readonly kty: 'EC';
      readonly hash: Hash;
      readonly crv: string;
      readonly namedCurve: string;
      readonly coordinateBytes: number;
    }
  | { readonly family: 'eddsa'; readonly kty: 'OKP'; readonly crv: 'Ed25519' };

const hmac = (hash: Hash, minimumSecretBytes: number): AlgorithmFacts => ({
  family: 'hmac',
  kty: 'oct',
  hash,
  minimumSecretBytes,
});
const rsa = (hash: Hash, padding: 'pkcs1' | 'pss'): AlgorithmFacts => ({
  family: 'rsa',
  kty: 'RSA',
  hash,
  padding,
});
const ecdsa = (hash: Hash, crv: string, namedCurve: string, coordinateBytes: number): AlgorithmFacts => ({
  family: 'ecdsa',
  kty: 'EC',
  hash,
  crv,
  namedCurve,
  coordinateBytes,
});
const ed25519: AlgorithmFacts = { family: 'eddsa', kty: 'OKP', crv: 'Ed25519' };

const factsByAlgorithm: ReadonlyMap<string, AlgorithmFacts> = new Map<Algorithm, AlgorithmFacts>([
  ['HS256', hmac('sha256', 32)],
  ['HS384', hmac('sha384', 48)],
  ['HS512', hmac('sha512', 64)],
  ['ES256', ecdsa('sha256', 'P-256', 'prime256v1', 32)],
  ['ES384', ecdsa('sha384', 'P-384', 'secp384r1', 48)],
  ['ES512', ecdsa('sha512', 'P-521', 'secp521r1', 66)],
  ['RS256', rsa('sha256', 'pkcs1')],
  ['RS384', rsa('sha384', 'pkcs1')],
  ['RS512', rsa('sha512', 'pkcs1')],
  ['PS256', rsa('sha256', 'pss')],
  ['PS384', rsa('sha384', 'pss')],
  ['PS512', rsa('sha512', 'pss')],
  ['EdDSA', ed25519],
  ['Ed25519', ed25519],
]);

/** Names are compared exactly: `hs256` or `None` are not algorithms (RFC 7515 §4.1.1). */
export function isAlgorithm(name: unknown): name is Algorithm {
  return typeof name === 'string' && factsByAlgorithm.has(name);
}

export function factsOf(alg: Algorithm): AlgorithmFacts {
  const facts = factsByAlgorithm.get(alg);
  if (facts === undefined) throw new TypeError('not a signature algorithm of this package');
  return facts;
}
