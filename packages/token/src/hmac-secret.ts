/** What may be the secret of an HMAC key. @module */
import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { type Algorithm, factsOf } from './algorithm.ts';
import { KeyError } from './errors.ts';
import { parseStrictObject } from './strict-json.ts';

/** `'allow'` takes a shared key that is shorter than the hash, as a legacy system may dictate. */
export type WeakSecretPolicy = 'refuse' | 'allow';

/**
 * A secret is at least as long as the hash (RFC 7518 §3.2), never empty, and never the text of a public key, with which anyone
 * could sign.
 *
 * @throws {KeyError} `weak_key`, `algorithm_mismatch`
 */
export function hmacSecret(alg: Algorithm, secret: Uint8Array, weakSecret: WeakSecretPolicy): KeyObject {
  const facts = factsOf(alg);
  if (facts.family !== 'hmac') {
    throw new KeyError('algorithm_mismatch', `bytes are an HMAC secret, and ${alg} needs a key pair`);
  }
  const minimum = weakSecret === 'allow' ? 1 : facts.minimumSecretBytes;
  if (secret.byteLength < minimum) {
    throw new KeyError('weak_key', `the secret for ${alg} needs at least ${minimum} bytes`);
  }
  if (isKeyText(Buffer.from(secret))) {
    throw new KeyError('weak_key', 'the secret is the text of a key or certificate, not random bytes');
  }
  return createSecretKey(secret);
}

function isKeyText(secret: Buffer): boolean {
  const text = secret.toString('latin1');
  if (text.includes('-----BEGIN')) return true;
  const jwk = text.includes('{') ? parseStrictObject(text.slice(text.indexOf('{')).trim()) : null;
  return (jwk !== null && 'kty' in jwk) || isDerPublicKey(secret, 'spki') || isDerPublicKey(secret, 'pkcs1');
}

function isDerPublicKey(secret: Buffer, type: 'spki' | 'pkcs1'): boolean {
  try {
    createPublicKey({ key: secret, format: 'der', type });
    return true;
  } catch {
    return false;
  }
}
