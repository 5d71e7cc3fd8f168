/**
 * ECDSA signatures between the fixed-length form of JWS (RFC 7518 §3.4) and the DER of OpenSSL. Node would convert too
 * (`ieee-p1363`), but takes over a microsecond for it, which is a fortieth of a verification.
 *
 * @module
 */

const sequenceTag = 0x30;
const integerTag = 0x02;

/** @param signature r and s, each as long as a coordinate, big-endian */
export function derFromFixed(signature: Uint8Array): Uint8Array {
  const half = signature.length >> 1;
  const rStart = firstSignificant(signature, 0, half);
  const sStart = firstSignificant(signature, half, signature.length);
  const rLength = half - rStart + signByte(signature, rStart);
  const sLength = signature.length - sStart + signByte(signature, sStart);
  const content = rLength + sLength + 4;
  const prefix = content < 0x80 ? 2 : 3;
  const der = new Uint8Array(prefix + content);
  der[0] = sequenceTag;
  if (prefix === 3) der[1] = 0x81;
  der[prefix - 1] = content;
  der[prefix] = integerTag;
  der[prefix + 1] = rLength;
  const sAt = prefix + 2 + rLength;
  der[sAt] = integerTag;
  der[sAt + 1] = sLength;
  for (let from = half - 1, to = sAt - 1; from >= rStart; from--, to--) der[to] = signature[from] ?? 0;
  for (let from = signature.length - 1, to = der.length - 1; from >= sStart; from--, to--)
    der[to] = signature[from] ?? 0;
  return der;
}

/** The shortest form leaves out leading zeros, but never the last byte. */
function firstSignificant(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end - 1 && bytes[at] === 0) at++;
  return at;
}

/** An integer whose first bit is set needs a zero byte in front, or it would be negative. */
function signByte(bytes: Uint8Array, at: number): 0 | 1 {
  return (bytes[at] ?? 0) >= 0x80 ? 1 : 0;
}

/**
 * @param der as OpenSSL makes it
 * @param coordinateBytes length of r and of s
 */
export function fixedFromDer(der: Buffer, coordinateBytes: number): Buffer {
  const fixed = Buffer.alloc(2 * coordinateBytes);
  const rAt = (der[1] ?? 0) < 0x80 ? 2 : 3;
  const sAt = rAt + 2 + (der[rAt + 1] ?? 0);
  copyInteger(der, rAt, fixed, coordinateBytes);
  copyInteger(der, sAt, fixed, 2 * coordinateBytes);
  return fixed;
}

/** Copies so that the last byte comes to stand just before `end`; a leading sign byte is left out. */
function copyInteger(der: Buffer, at: number, fixed: Buffer, end: number): void {
  const last = at + 1 + (der[at + 1] ?? 0);
  const first = der[at + 2] === 0 ? at + 3 : at + 2;
  for (let from = last, to = end - 1; from >= first; from--, to--) fixed[to] = der[from] ?? 0;
}
