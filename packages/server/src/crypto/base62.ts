/** Fixed-width base62 (digits `0-9A-Za-z`, left-padded with `0`), as refresh tokens are written. @module */

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62⁴ fits into 24 bits, so a remainder and a 24-bit limb together fit exactly into a double. */
const chunkDigits = 4;
const chunkBase = 62 ** chunkDigits;
const limbBase = 2 ** 24;

/** Every four-digit chunk as text, made once: 62⁴ texts would be 15 million, so pairs it is. */
const pairs: readonly string[] = Array.from({ length: 62 * 62 }, (_, value) => {
  return `${digits[Math.floor(value / 62)]}${digits[value % 62]}`;
});

/** Value of each ASCII code as a digit, 255 where it is none. */
const values = new Uint8Array(128).fill(255);
for (let value = 0; value < 62; value++) values[digits.charCodeAt(value)] = value;

/** Splits bytes, most significant first, into 24-bit limbs. */
function toLimbs(bytes: Uint8Array): number[] {
  const limbs: number[] = [];
  let index = bytes.length % 3;
  if (index === 1) limbs.push(bytes[0] ?? 0);
  if (index === 2) limbs.push(((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0));
  for (; index < bytes.length; index += 3) {
    limbs.push(((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0));
  }
  return limbs;
}

/**
 * Writes a number given as big-endian bytes.
 *
 * @param width digits to write, even; the number must fit
 */
export function encodeBase62(bytes: Uint8Array, width: number): string {
  const limbs = toLimbs(bytes);
  let text = '';
  let first = 0;
  for (let written = 0; written < width; written += chunkDigits) {
    let remainder = 0;
    for (let index = first; index < limbs.length; index++) {
      const value = remainder * limbBase + (limbs[index] ?? 0);
      const quotient = Math.floor(value / chunkBase);
      limbs[index] = quotient;
      remainder = value - quotient * chunkBase;
    }
    while (limbs[first] === 0) first++;
    const high = Math.floor(remainder / 3844);
    const low = pairs[remainder - high * 3844] ?? '';
    text = written + 2 < width ? (pairs[high] ?? '') + low + text : low + text;
  }
  return text;
}

/** Writes a whole number below 62^width. */
export function encodeNumber(value: number, width: number): string {
  let text = '';
  for (let rest = value; text.length < width; rest = Math.floor(rest / 62))
    text = (digits[rest % 62] ?? '') + text;
  return text;
}

/** Reads the number at `start` of `text`, at most 8 digits wide; null where a character is no digit. */
export function decodeNumber(text: string, start: number, width: number): number | null {
  let value = 0;
  for (let index = start; index < start + width; index++) {
    const digit = values[text.charCodeAt(index)] ?? 255;
    if (digit === 255) return null;
    value = value * 62 + digit;
  }
  return value;
}

/**
 * Reads a 128-bit number written with 22 digits at `start` of `text`.
 *
 * @returns its 32 hexadecimal digits, or null where a character is no digit or the number is too large
 */
export function decodeBase62Hex128(text: string, start: number): string | null {
  const limbs = [0, 0, 0, 0, 0, 0];
  for (let index = 0; index < 22; index += 2) {
    let carry = decodeNumber(text, start + index, 2);
    if (carry === null) return null;
    for (let limb = 5; limb >= 0; limb--) {
      const value = (limbs[limb] ?? 0) * 3844 + carry;
      carry = Math.floor(value / limbBase);
      limbs[limb] = value - carry * limbBase;
    }
    if (carry > 0) return null;
  }
  if ((limbs[0] ?? 0) > 255) return null;
  let hex = hexOf(limbs[0] ?? 0, 2);
  for (let limb = 1; limb < 6; limb++) hex += hexOf(limbs[limb] ?? 0, 6);
  return hex;
}

function hexOf(value: number, width: number): string {
  return value.toString(16).padStart(width, '0');
}
