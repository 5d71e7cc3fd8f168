/** Keys: each is bound to one algorithm for life, and prints without its secret. @module */
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { type Algorithm, factsOf } from './algorithm.ts';
import { type CertificateChain, chainFromPem } from './certificate.ts';
import { KeyError } from './errors.ts';
import { hmacSecret } from './hmac-secret.ts';
import { jwkThumbprint } from './jwk-thumbprint.ts';
import { checkKeyFitsAlgorithm, minimumRsaBits } from './key-strength.ts';
import { type Sign, signerFor, type Verify, verifierFor } from './signature.ts';

export interface SigningKey {
  /** The key's name in token headers; null leaves `kid` out. */
  readonly kid: string | null;
  readonly alg: Algorithm;
  readonly certificate: CertificateChain | null;
  /** The private key or the secret; opaque when printed. */
  readonly keyObject: KeyObject;
  /** Signs an ASCII signing input; most callers want `signToken`. */
  readonly sign: Sign;
  /** Encoded headers of this key by `typ`, made once each. */
  readonly headers: Map<string | null, string>;
}

export interface VerificationKey {
  readonly kid: string | null;
  readonly alg: Algorithm;
  readonly certificate: CertificateChain | null;
  /** The public key, or the secret of an HMAC key; opaque when printed. */
  readonly keyObject: KeyObject;
  /** Verifies an ASCII signing input; most callers want `verifyToken`. */
  readonly verify: Verify;
}

/** Letters long enough for every thumbprint, URI and UUID; a longer `kid` only costs memory. */
export const maxKidLength = 256;

/**
 * A new random key. An HMAC key has as many bytes as its hash.
 *
 * @param options.kid default: the RFC 7638 thumbprint, or a random UUID for HMAC
 * @param options.rsaBits default 3072, at least 2048
 * @throws {KeyError} `weak_key`, `wrong_kid`
 */
export function generateSigningKey(
  alg: Algorithm,
  options: { readonly kid?: string | null; readonly rsaBits?: number } = {},
): SigningKey {
  const facts = factsOf(alg);
  if (facts.family === 'hmac') {
    const secret = hmacSecret(alg, randomBytes(facts.minimumSecretBytes), 'refuse');
    return makeSigningKey(alg, secret, options.kid === undefined ? randomUUID() : options.kid, null);
  }
  const key = generatePrivateKey(alg, options.rsaBits ?? 3072);
  return makeSigningKey(alg, key, options.kid, null);
}

function generatePrivateKey(alg: Algorithm, rsaBits: number): KeyObject {
  const facts = factsOf(alg);
  if (facts.family === 'ecdsa') return generateKeyPairSync('ec', { namedCurve: facts.namedCurve }).privateKey;
  if (facts.family === 'eddsa') return generateKeyPairSync('ed25519').privateKey;
  if (rsaBits < minimumRsaBits) {
    throw new KeyError('weak_key', `an RSA key needs at least ${minimumRsaBits} bits`);
  }
  return generateKeyPairSync('rsa', { modulusLength: rsaBits }).privateKey;
}

/** The public half, or the same secret for HMAC; kid, algorithm and certificate stay. */
export function verificationKeyOf(key: SigningKey): VerificationKey {
  const keyObject = key.keyObject.type === 'private' ? createPublicKey(key.keyObject) : key.keyObject;
  return makeVerificationKey(key.alg, keyObject, key.kid, key.certificate);
}

/**
 * The same key with its X.509 certificate: tokens then carry `x5t#S256`, the public JWK also `x5c`. Neither expiry nor trust
 * of the certificates is checked: that is for who relies on them.
 *
 * @param chainPem PEM certificates, the key's own first, each followed by the one that issued it
 * @throws {KeyError} `wrong_certificate` when the first is for another key or the order is wrong
 */
export function withCertificate(key: SigningKey, chainPem: string): SigningKey {
  if (key.keyObject.type !== 'private') {
    throw new KeyError('wrong_certificate', 'an HMAC key cannot have a certificate');
  }
  const chain = chainFromPem(chainPem, createPublicKey(key.keyObject));
  return makeSigningKey(key.alg, key.keyObject, key.kid, chain);
}

/**
 * @param kid undefined: the thumbprint (null for HMAC, since a thumbprint would help to guess a weak secret)
 * @throws {KeyError} `algorithm_mismatch`, `weak_key`, `wrong_kid`
 */
export function makeSigningKey(
  alg: Algorithm,
  keyObject: KeyObject,
  kid: string | null | undefined,
  certificate: CertificateChain | null,
): SigningKey {
  checkKeyFitsAlgorithm(alg, keyObject);
  const sign = signerFor(alg, keyObject);
  return Object.freeze({
    kid: checkedKid(kid, keyObject),
    alg,
    certificate,
    keyObject,
    sign,
    headers: new Map(),
  });
}

/** @throws {KeyError} as {@link makeSigningKey} */
export function makeVerificationKey(
  alg: Algorithm,
  keyObject: KeyObject,
  kid: string | null | undefined,
  certificate: CertificateChain | null,
): VerificationKey {
  checkKeyFitsAlgorithm(alg, keyObject);
  const verify = verifierFor(alg, keyObject);
  return Object.freeze({ kid: checkedKid(kid, keyObject), alg, certificate, keyObject, verify });
}

function checkedKid(kid: string | null | undefined, key: KeyObject): string | null {
  if (kid === null) return null;
  if (kid === undefined) return key.type === 'secret' ? null : thumbprintOf(key);
  if (kid !== '' && kid.length <= maxKidLength && kid.isWellFormed()) return kid;
  throw new KeyError('wrong_kid', `a kid has 1 to ${maxKidLength} characters`);
}

function thumbprintOf(key: KeyObject): string {
  return jwkThumbprint((key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' }));
}
