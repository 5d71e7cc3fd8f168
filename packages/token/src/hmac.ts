/** HMAC (RFC 2104) as two one-shot hashes over prepared pads, which is faster than a keyed hash object per token. @module */
import { hash } from 'node:crypto';
import type { Hash } from './algorithm.ts';
import type { Sign, Verify } from './signature.ts';

const blockBytesOf: Readonly<Record<Hash, number>> = { sha256: 64, sha384: 128, sha512: 128 };
const digestBytesOf: Readonly<Record<Hash, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/** Room for a signing input; longer ones get a buffer of their own. */
const roomBytes = 4096;

/** A signer whose pads live only in its closure, so that no printed key can show them. */
export function hmacSigner(algorithm: Hash, secret: Uint8Array): Sign {
  const blockBytes = blockBytesOf[algorithm];
  const block = Buffer.alloc(blockBytes);
  block.set(secret.byteLength > blockBytes ? hash(algorithm, secret, 'buffer') : secret);
  const outer = Buffer.alloc(blockBytes + digestBytesOf[algorithm]);
  const inner = Buffer.alloc(blockBytes + roomBytes);
  for (let at = 0; at < blockBytes; at++) {
    const byte = block[at] ?? 0;
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  block.fill(0);

  return (input) => {
    const message = input.length <= roomBytes ? inner : Buffer.alloc(blockBytes + input.length);
    if (message !== inner) inner.copy(message, 0, 0, blockBytes);
    const end = blockBytes + message.write(input, blockBytes, 'latin1');
    outer.write(hash(algorithm, message.subarray(0, end), 'latin1'), blockBytes, 'latin1');
    return hash(algorithm, outer, 'base64url');
  };
}

/** Compares texts, so a signature in any spelling but the canonical one is refused too. */
export function hmacVerifier(sign: Sign): Verify {
  return (input, signature) => equalTexts(sign(input), signature);
}

/** In time that depends on the length alone, which is public. */
function equalTexts(expected: string, given: string): boolean {
  if (expected.length !== given.length) return false;
  let difference = 0;
  for (let at = 0; at < expected.length; at++) difference |= expected.charCodeAt(at) ^ given.charCodeAt(at);
  return difference === 0;
}
