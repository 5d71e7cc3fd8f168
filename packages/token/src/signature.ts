/**
 * One function per key that signs, one that verifies: everything that can be prepared is prepared when the key is made.
 *
 * `createSign` and `createVerify` are used where they can be: they take text as it is, and measure 0.7 µs less than the one-shot
 * functions, which Ed25519 needs.
 *
 * @module
 */
import { constants, createSign, createVerify, type KeyObject, sign, verify } from 'node:crypto';
import { type Algorithm, factsOf } from './algorithm.ts';
import { decodeBase64url } from './base64url.ts';
import { derFromFixed, fixedFromDer } from './ecdsa-signature.ts';
import { hmacSigner, hmacVerifier } from './hmac.ts';

/** Takes an ASCII signing input, gives the signature in base64url. */
export type Sign = (input: string) => string;
/** Takes an ASCII signing input and a signature in base64url; false for every signature that is not exactly right. */
export type Verify = (input: string, signature: string) => boolean;

export function signerFor(alg: Algorithm, key: KeyObject): Sign {
  const facts = factsOf(alg);
  switch (facts.family) {
    case 'hmac':
      return hmacSigner(facts.hash, key.export());
    case 'ecdsa': {
      const { hash, coordinateBytes } = facts;
      return (input) =>
        fixedFromDer(createSign(hash).update(input, 'latin1').sign(key), coordinateBytes).toString(
          'base64url',
        );
    }
    case 'rsa': {
      const { hash } = facts;
      const prepared = { key, ...rsaPadding(facts.padding) };
      return (input) => createSign(hash).update(input, 'latin1').sign(prepared, 'base64url');
    }
    case 'eddsa':
      return (input) => sign(null, Buffer.from(input, 'latin1'), key).toString('base64url');
    default:
      return facts satisfies never;
  }
}

export function verifierFor(alg: Algorithm, key: KeyObject): Verify {
  const facts = factsOf(alg);
  switch (facts.family) {
    case 'hmac':
      return hmacVerifier(hmacSigner(facts.hash, key.export()));
    case 'ecdsa': {
      const { hash, coordinateBytes } = facts;
      return ofExactLength(2 * coordinateBytes, (input, signature) =>
        createVerify(hash).update(input, 'latin1').verify(key, derFromFixed(signature)),
      );
    }
    case 'rsa': {
      const { hash } = facts;
      // A key by itself is read faster than one with options, and PKCS #1 is what it means.
      const prepared = facts.padding === 'pkcs1' ? key : { key, ...rsaPadding(facts.padding) };
      const modulusBytes = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
      return ofExactLength(modulusBytes, (input, signature) =>
        createVerify(hash).update(input, 'latin1').verify(prepared, signature),
      );
    }
    case 'eddsa':
      return ofExactLength(64, (input, signature) =>
        verify(null, Buffer.from(input, 'latin1'), key, signature),
      );
    default:
      return facts satisfies never;
  }
}

/** Only a signature of that many bytes, in canonical base64url, is looked at. */
function ofExactLength(bytes: number, verifyBytes: (input: string, signature: Buffer) => boolean): Verify {
  const textLength = Math.ceil((bytes * 4) / 3);
  return (input, text) => {
    const signature = text.length === textLength ? decodeBase64url(text) : null;
    return signature !== null && verifyBytes(input, signature);
  };
}

function rsaPadding(padding: 'pkcs1' | 'pss'): { padding: number; saltLength?: number } {
  if (padding === 'pkcs1') return { padding: constants.RSA_PKCS1_PADDING };
  // The salt is exactly as long as the hash (RFC 7518 §3.5); OpenSSL's default would take any length.
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}
