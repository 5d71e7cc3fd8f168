/** Base64url without padding, in its one canonical spelling (RFC 7515 §2, RFC 4648 §3.5). @module */

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

/** Room to decode in without allocating; nothing in it outlives the call. */
const room = Buffer.allocUnsafeSlow(16_384);

/** As {@link decodeBase64url}, for bytes that are UTF-8; null also where they are not. */
export function decodeBase64urlText(encoded: string): string | null {
  const target = encoded.length <= room.length ? room : Buffer.allocUnsafeSlow(encoded.length);
  const end = target.write(encoded, 0, 'base64url');
  if (target.toString('base64url', 0, end) !== encoded) return null;
  const text = target.toString('utf8', 0, end);
  // The decoder puts U+FFFD for every bad sequence; the same character may also stand there honestly.
  if (text.includes('\ufffd') && !Buffer.from(text, 'utf8').equals(target.subarray(0, end))) return null;
  return text;
}
