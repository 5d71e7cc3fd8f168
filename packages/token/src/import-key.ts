/** Keys from what people have: PEM, JWK, bytes of an HMAC secret, a `KeyObject`. @module */
import { createPrivateKey, createPublicKey, KeyObject } from 'node:crypto';
import { type Algorithm, factsOf, isAlgorithm } from './algorithm.ts';
import { KeyError } from './errors.ts';
import { hmacSecret, type WeakSecretPolicy } from './hmac-secret.ts';
import { certificateOfJwk, checkJwk, type JsonWebKey, secretOfJwk } from './jwk.ts';
import { makeSigningKey, makeVerificationKey, type SigningKey, type VerificationKey } from './key.ts';

/** PEM as text; an HMAC secret as bytes, never as text, so that no PEM can pass for a secret. */
export type KeySource = JsonWebKey | string | Uint8Array | KeyObject;

export interface KeyImportOptions {
  readonly alg: Algorithm;
  /** Default: the JWK's `kid`, else the RFC 7638 thumbprint, else (HMAC) none; null: none. */
  readonly kid?: string | null;
  /** Default `'refuse'`: an HMAC secret is at least as long as its hash (RFC 7518 §3.2). */
  readonly weakSecret?: WeakSecretPolicy;
}

/**
 * @param source PKCS#8, PKCS#1 or SEC1 PEM; private or symmetric JWK (its `x5c` becomes the certificate); HMAC secret
 * @throws {KeyError} `malformed_key`, `algorithm_mismatch`, `weak_key`, `wrong_use`, `wrong_kid`, `wrong_certificate`
 */
export function importSigningKey(source: KeySource, options: KeyImportOptions): SigningKey {
  const { keyObject, jwk } = readKey(source, options, 'sign');
  if (keyObject.type === 'public') throw new KeyError('wrong_use', 'a public key cannot sign');
  const certificate = jwk === null ? null : certificateOfJwk(jwk, keyObject);
  return makeSigningKey(options.alg, keyObject, kidFor(options, jwk), certificate);
}

/**
 * @param source SPKI, PKCS#1 or certificate PEM; public or symmetric JWK; HMAC secret
 * @throws {KeyError} as {@link importSigningKey}; `not_public` for a private key, which does not belong where tokens are verified
 */
export function importVerificationKey(source: KeySource, options: KeyImportOptions): VerificationKey {
  const { keyObject, jwk } = readKey(source, options, 'verify');
  if (keyObject.type === 'private') {
    throw new KeyError('not_public', 'a private key does not belong where tokens are verified');
  }
  const certificate = jwk === null ? null : certificateOfJwk(jwk, keyObject);
  return makeVerificationKey(options.alg, keyObject, kidFor(options, jwk), certificate);
}

function kidFor(options: KeyImportOptions, jwk: JsonWebKey | null): string | null | undefined {
  if (options.kid !== undefined || jwk === null) return options.kid;
  return typeof jwk.kid === 'string' ? jwk.kid : undefined;
}

interface ReadKey {
  readonly keyObject: KeyObject;
  readonly jwk: JsonWebKey | null;
}

function readKey(source: KeySource, options: KeyImportOptions, operation: 'sign' | 'verify'): ReadKey {
  const { alg, weakSecret = 'refuse' } = options;
  if (!isAlgorithm(alg)) throw new KeyError('unsupported_algorithm', 'the algorithm is not supported');
  const isHmac = factsOf(alg).family === 'hmac';
  if (source instanceof Uint8Array) return { keyObject: hmacSecret(alg, source, weakSecret), jwk: null };
  if (source instanceof KeyObject) {
    const keyObject = source.type === 'secret' ? hmacSecret(alg, source.export(), weakSecret) : source;
    return { keyObject, jwk: null };
  }
  if (typeof source === 'string') {
    if (isHmac) throw new KeyError('algorithm_mismatch', `give the secret for ${alg} as bytes`);
    return { keyObject: readPem(source), jwk: null };
  }
  checkJwk(source, alg, operation);
  const keyObject = isHmac ? hmacSecret(alg, secretOfJwk(source), weakSecret) : readJwk(source);
  return { keyObject, jwk: source };
}

function readPem(pem: string): KeyObject {
  try {
    return pem.includes('PRIVATE KEY-----') ? createPrivateKey(pem) : createPublicKey(pem);
  } catch {
    throw new KeyError('malformed_key', 'the PEM is not a readable, unencrypted key');
  }
}

function readJwk(jwk: JsonWebKey): KeyObject {
  try {
    return 'd' in jwk
      ? createPrivateKey({ key: jwk, format: 'jwk' })
      : createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    throw new KeyError('malformed_key', 'the JWK is not a valid key');
  }
}
