/** One function per key that signs, one that verifies: everything that can be prepared is prepared when the key is made. @module */
import { constants, type KeyObject, sign, verify } from 'node:crypto';
import { type Algorithm, factsOf } from './algorithm.ts';
import { decodeBase64url } from './base64url.ts';
import { hmacSigner, hmacVerifier } from './hmac.ts';

/** Takes an ASCII signing input, gives the signature in base64url. */
export type Sign = (input: string) => string;
/** Takes an ASCII signing input and a signature in base64url; false for every signature that is not exactly right. */
export type Verify = (input: string, signature: string) => boolean;

export function signerFor(alg: Algorithm, key: KeyObject): Sign {
  const facts = factsOf(alg);
  if (facts.family === 'hmac') return hmacSigner(facts.hash, key.export());
  const { hash, prepared } = prepare(alg, key);
  return (input) => sign(hash, Buffer.from(input, 'latin1'), prepared).toString('base64url');
}

export function verifierFor(alg: Algorithm, key: KeyObject): Verify {
  const facts = factsOf(alg);
  if (facts.family === 'hmac') return hmacVerifier(hmacSigner(facts.hash, key.export()));
  const { hash, prepared, signatureBytes } = prepare(alg, key);
  const textLength = Math.ceil((signatureBytes * 4) / 3);
  return (input, signature) => {
    if (signature.length !== textLength) return false;
    const bytes = decodeBase64url(signature);
    return bytes !== null && verify(hash, Buffer.from(input, 'latin1'), prepared, bytes);
  };
}

interface Prepared {
  readonly hash: string | null;
  readonly signatureBytes: number;
  readonly prepared: {
    key: KeyObject;
    dsaEncoding?: 'ieee-p1363';
    padding?: number;
    saltLength?: number;
  };
}

function prepare(alg: Algorithm, key: KeyObject): Prepared {
  const facts = factsOf(alg);
  switch (facts.family) {
    case 'eddsa':
      return { hash: null, signatureBytes: 64, prepared: { key } };
    case 'ecdsa':
      return {
        hash: facts.hash,
        signatureBytes: 2 * facts.coordinateBytes,
        prepared: { key, dsaEncoding: 'ieee-p1363' },
      };
    case 'rsa': {
      const signatureBytes = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
      const padding =
        facts.padding === 'pss'
          ? // The salt is exactly as long as the hash (RFC 7518 §3.5); OpenSSL's default would take any length.
            { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
          : { padding: constants.RSA_PKCS1_PADDING };
      return { hash: facts.hash, signatureBytes, prepared: { key, ...padding } };
    }
    case 'hmac':
      throw new TypeError('an HMAC key is not asymmetric');
    default:
      return facts satisfies never;
  }
}
