/** Fixed-width base62 (digits `0-9A-Za-z`, left-padded with `0`), as refresh tokens are written. @module */

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const codes = Uint8Array.from(digits, (digit) => digit.charCodeAt(0));

/** Value of each ASCII code as a digit, 255 where it is none. */
const values = new Uint8Array(128).fill(255);
for (let value = 0; value < 62; value++) values[codes[value] ?? 0] = value;

/** 62⁵ fits into 30 bits, so a remainder and a 22-bit limb together fit exactly into a double. */
const chunkDigits = 5;
const chunkBase = 62 ** chunkDigits;
const limbBits = 22;
const limbBase = 2 ** limbBits;
const limbs = new Float64Array(Math.ceil(256 / limbBits));

/** Cuts bytes into 22-bit limbs, most significant first; gives how many. */
function toLimbs(bytes: Uint8Array): number {
  const count = Math.ceil((bytes.length * 8) / limbBits);
  let bits = 0;
  let held = 0;
  let limb = count;
  for (let index = bytes.length - 1; index >= 0; index--) {
    held += (bytes[index] ?? 0) * 2 ** bits;
    bits += 8;
    if (bits < limbBits) continue;
    limbs[--limb] = held % limbBase;
    held = Math.floor(held / limbBase);
    bits -= limbBits;
  }
  if (limb > 0) limbs[--limb] = held;
  return count;
}

/**
 * Writes a number as ASCII digits.
 *
 * @param bytes the number, big-endian, at most 32 bytes; it must fit into `width` digits
 * @param target gets the digits from `start` on
 */
export function writeBase62(bytes: Uint8Array, target: Uint8Array, start: number, width: number): void {
  const count = toLimbs(bytes);
  let first = 0;
  let end = start + width;
  while (end > start) {
    let remainder = 0;
    for (let index = first; index < count; index++) {
      const value = remainder * limbBase + (limbs[index] ?? 0);
      const quotient = Math.floor(value / chunkBase);
      limbs[index] = quotient;
      remainder = value - quotient * chunkBase;
    }
    if (limbs[first] === 0) first++;
    for (let digit = 0; digit < chunkDigits && end > start; digit++) {
      const rest = Math.floor(remainder / 62);
      target[--end] = codes[remainder - rest * 62] ?? 0;
      remainder = rest;
    }
  }
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
  let [high, upper, middle, lower, low] = [0, 0, 0, 0, 0];
  for (let index = 0; index < 22; index += 2) {
    const pair = decodeNumber(text, start + index, 2);
    if (pair === null) return null;
    // Five limbs of 28 bits; 16 bits in the highest: times 3844 they stay exact.
    low = low * 3844 + pair;
    lower = lower * 3844 + Math.floor(low / limb28);
    middle = middle * 3844 + Math.floor(lower / limb28);
    upper = upper * 3844 + Math.floor(middle / limb28);
    high = high * 3844 + Math.floor(upper / limb28);
    low %= limb28;
    lower %= limb28;
    middle %= limb28;
    upper %= limb28;
  }
  if (high > 0xffff) return null;
  return hexOf(high, 4) + hexOf(upper, 7) + hexOf(middle, 7) + hexOf(lower, 7) + hexOf(low, 7);
}

const limb28 = 2 ** 28;

function hexOf(value: number, width: number): string {
  return value.toString(16).padStart(width, '0');
}
