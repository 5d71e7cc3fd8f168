/** The public keys that a `jwt` method may be given, as one set. @module */
import { createPublicKey, KeyObject, X509Certificate } from 'node:crypto';
import {
  type Algorithm,
  type BearerKeys,
  createRemoteKeySet,
  importJwks,
  importVerificationKey,
  type JsonWebKey,
  publishedKeys,
  type RemoteKeySet,
  type RemoteKeySetOptions,
  soleKey,
} from '@tessera/token';

/** The algorithm belongs to the key; of an RSA key without a word about it, RS256. */
interface Bound {
  readonly algorithm?: Algorithm;
}

export interface PublicKeyOptions extends Bound {
  /** SPKI or PKCS#1 in PEM, a JWK, or a `KeyObject`. Never a private key. */
  readonly publicKey: string | JsonWebKey | KeyObject;
}

export interface CertificateOptions extends Bound {
  /** PEM. Its key verifies while the certificate is valid; whom it is from is for who configures it to know. */
  readonly certificate: string;
}

export interface JwksOptions {
  /** A JWK Set at hand, best as text. */
  readonly jwks: string | { readonly keys: unknown };
}

/** Fetched when first needed, in one flight, at most once per cool-down; limits as in `createRemoteKeySet`. */
export interface JwksUrlOptions extends Partial<Omit<RemoteKeySetOptions, 'url'>> {
  readonly jwksUrl: string | URL;
}

export type PublicKeysOptions = PublicKeyOptions | CertificateOptions | JwksOptions | JwksUrlOptions;

export interface PublicKeys {
  readonly keys: BearerKeys;
  /** Null: the keys are at hand and never change. */
  readonly remote: RemoteKeySet | null;
}

/** @throws {KeyError} for a key that is weak, private, or none; {@link TypeError} for a URL that keys are not fetched from */
export function readPublicKeys(options: PublicKeysOptions): PublicKeys {
  if ('jwksUrl' in options) {
    const { jwksUrl, clock = () => performance.now(), ...limits } = options;
    const remote = createRemoteKeySet({ ...limits, url: jwksUrl, clock });
    return { keys: publishedKeys(remote), remote };
  }
  if ('jwks' in options) return { keys: publishedKeys(importJwks(options.jwks)), remote: null };
  if ('certificate' in options) return { keys: keysOfCertificate(options), remote: null };
  const { publicKey } = options;
  // As a program without types gives it: what `readFile` read, or an unset variable of the environment.
  const isBytes = (publicKey as unknown) instanceof Uint8Array;
  if (!publicKey || isBytes) throw new TypeError('publicKey is PEM as text, a JWK, or a KeyObject');
  const alg = options.algorithm ?? algorithmOf(publicKey);
  return { keys: soleKey(importVerificationKey(publicKey, { alg })), remote: null };
}

function keysOfCertificate({ certificate: pem, algorithm }: CertificateOptions): BearerKeys {
  const certificate = new X509Certificate(pem);
  const alg = algorithm ?? algorithmOf(certificate.publicKey);
  const sole = soleKey(importVerificationKey(certificate.publicKey, { alg }));
  const isValid = (nowMs: number): boolean =>
    certificate.validFromDate.getTime() <= nowMs && nowMs <= certificate.validToDate.getTime();
  return { ...sole, find: (kid, name) => (isValid(Date.now()) ? sole.find(kid, name) : null) };
}

const algorithmsOfCurves: Readonly<Record<string, Algorithm>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

/** @throws {TypeError} for a key that has no algorithm here */
function algorithmOf(key: string | JsonWebKey | KeyObject): Algorithm {
  if (typeof key === 'object' && !(key instanceof KeyObject) && key.alg !== undefined) {
    return key.alg as Algorithm;
  }
  const keyObject = publicHalfOf(key);
  const { namedCurve = '' } = keyObject.asymmetricKeyDetails ?? {};
  const alg =
    keyObject.asymmetricKeyType === 'rsa'
      ? 'RS256'
      : keyObject.asymmetricKeyType === 'ed25519'
        ? 'EdDSA'
        : algorithmsOfCurves[namedCurve];
  if (alg === undefined) throw new TypeError('say which algorithm the key is for');
  return alg;
}

/** Only to see of what kind it is; a private key is refused when the key is imported. */
function publicHalfOf(key: string | JsonWebKey | KeyObject): KeyObject {
  if (key instanceof KeyObject) return key;
  return typeof key === 'string' ? createPublicKey(key) : createPublicKey({ key, format: 'jwk' });
}
