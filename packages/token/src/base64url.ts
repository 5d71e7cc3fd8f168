/** Base64url without padding, in its one canonical spelling (RFC 7515 §2, RFC 4648 §3.5). @module */

export function encodeBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/**
 * Bytes of a canonical text; null for padding, whitespace, `+`, `/`, any foreign character and unused low bits that are set.
 *
 * Node's decoder forgives all of these. Encoding has exactly one answer, so encoding again and comparing proves the
 * spelling, at the cost of one vectorised pass.
 */
export function decodeBase64url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}
