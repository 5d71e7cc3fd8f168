/** JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037): strict checks on the way in, exact members on the way out. @module */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { type Algorithm, factsOf } from './algorithm.ts';
import { decodeBase64url } from './base64url.ts';
import { type CertificateChain, chainFromX5c } from './certificate.ts';
import { KeyError } from './errors.ts';
import type { SigningKey, VerificationKey } from './key.ts';

/** A JWK as written; nothing of it is believed before it is imported. */
export interface JsonWebKey {
  kty?: string;
  kid?: string;
  alg?: string;
  use?: string;
  key_ops?: string[];
  crv?: string;
  x?: string;
  y?: string;
  n?: string;
  e?: string;
  d?: string;
  p?: string;
  q?: string;
  dp?: string;
  dq?: string;
  qi?: string;
  k?: string;
  x5c?: string[];
  'x5t#S256'?: string;
}

/**
 * What Node's own importer forgives: another `alg`, `use` or `key_ops`, non-canonical base64url, short coordinates.
 *
 * @throws {KeyError} `malformed_key`, `algorithm_mismatch`, `wrong_use`
 */
export function checkJwk(jwk: JsonWebKey, alg: Algorithm, operation: 'sign' | 'verify'): void {
  const facts = factsOf(alg);
  if (jwk.kty !== facts.kty || ('crv' in facts && jwk.crv !== facts.crv)) {
    throw new KeyError('algorithm_mismatch', `the JWK is not of the kind that ${alg} needs`);
  }
  if (jwk.alg !== undefined && jwk.alg !== alg) {
    throw new KeyError('algorithm_mismatch', `the JWK is for another algorithm than ${alg}`);
  }
  checkUse(jwk, operation);
  if (jwk.kid !== undefined && typeof jwk.kid !== 'string') {
    throw new KeyError('malformed_key', 'the kid of the JWK is not text');
  }
  for (const name of ['k', 'n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi', 'x', 'y'] as const) {
    if (jwk[name] !== undefined && decodeMember(jwk[name]) === null) {
      throw new KeyError('malformed_key', `member ${name} of the JWK is not base64url`);
    }
  }
  if (facts.family === 'ecdsa') checkCoordinates(jwk, facts.coordinateBytes);
}

function checkUse(jwk: JsonWebKey, operation: 'sign' | 'verify'): void {
  if (jwk.use !== undefined && jwk.use !== 'sig') {
    throw new KeyError('wrong_use', 'the JWK is not for signatures');
  }
  const operations: unknown = jwk.key_ops;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes(operation))) {
    throw new KeyError('wrong_use', `the key_ops of the JWK do not include ${operation}`);
  }
}

/** A coordinate has the full length of the field, leading zeros included (RFC 7518 §6.2.1.2). */
function checkCoordinates(jwk: JsonWebKey, coordinateBytes: number): void {
  for (const name of ['x', 'y'] as const) {
    if (decodeMember(jwk[name])?.byteLength !== coordinateBytes) {
      throw new KeyError('malformed_key', `member ${name} of the JWK needs ${coordinateBytes} bytes`);
    }
  }
}

function decodeMember(member: unknown): Buffer | null {
  return typeof member === 'string' ? decodeBase64url(member) : null;
}

/** @throws {KeyError} `malformed_key` */
export function secretOfJwk(jwk: JsonWebKey): Uint8Array {
  const secret = decodeMember(jwk.k);
  if (secret === null) throw new KeyError('malformed_key', 'the symmetric JWK has no k');
  return secret;
}

/**
 * The certificate of the JWK's `x5c`, which must be for the same key (RFC 7517 §4.7).
 *
 * @throws {KeyError} `wrong_certificate`
 */
export function certificateOfJwk(jwk: JsonWebKey, key: KeyObject): CertificateChain | null {
  const x5c: unknown = jwk.x5c;
  if (x5c === undefined) return null;
  if (!Array.isArray(x5c) || !x5c.every((entry) => typeof entry === 'string') || key.type === 'secret') {
    throw new KeyError('wrong_certificate', 'the x5c of the JWK is not a list of certificates');
  }
  const chain = chainFromX5c(x5c, key.type === 'private' ? createPublicKey(key) : key);
  const thumbprint: unknown = jwk['x5t#S256'];
  if (thumbprint !== undefined && thumbprint !== chain.thumbprintSha256) {
    throw new KeyError('wrong_certificate', 'the x5t#S256 of the JWK is of another certificate');
  }
  return chain;
}

/**
 * Contains the secret: for safe keeping only.
 */
export function exportPrivateJwk(key: SigningKey): JsonWebKey {
  return withMetadata(key, key.keyObject.export({ format: 'jwk' }));
}

/**
 * For a JWKS: the key with `kid`, `alg`, `use: "sig"`, and `x5c`, `x5t#S256` when it has a certificate.
 *
 * @throws {KeyError} `not_public` for an HMAC key, whose only JWK is its secret
 */
export function exportPublicJwk(key: SigningKey | VerificationKey): JsonWebKey {
  return withMetadata(key, publicHalf(key).export({ format: 'jwk' }));
}

/**
 * SPKI in PEM.
 *
 * @throws {KeyError} `not_public` for an HMAC key
 */
export function exportPublicPem(key: SigningKey | VerificationKey): string {
  return publicHalf(key).export({ format: 'pem', type: 'spki' }).toString();
}

function publicHalf(key: SigningKey | VerificationKey): KeyObject {
  if (key.keyObject.type === 'secret') throw new KeyError('not_public', 'an HMAC key has no public half');
  return key.keyObject.type === 'private' ? createPublicKey(key.keyObject) : key.keyObject;
}

function withMetadata(key: SigningKey | VerificationKey, jwk: JsonWebKey): JsonWebKey {
  return {
    ...jwk,
    ...(key.kid === null ? {} : { kid: key.kid }),
    alg: key.alg,
    use: 'sig',
    ...(key.certificate === null
      ? {}
      : { x5c: [...key.certificate.x5c], 'x5t#S256': key.certificate.thumbprintSha256 }),
  };
}
