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
    // At most 21 bits are held, so that 8 more fit into a small integer.
    held |= (bytes[index] ?? 0) << bits;
    bits += 8;
    if (bits < limbBits) continue;
    limbs[--limb] = held & (limbBase - 1);
    held >>= limbBits;
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
    // A chunk fits into a small integer, and those divide several times as fast.
    let chunk = remainder | 0;
    for (let digit = 0; digit < chunkDigits && end > start; digit++) {
      const rest = (chunk / 62) | 0;
      target[--end] = codes[chunk - rest * 62] ?? 0;
      chunk = rest;
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
 * @returns the number as the text of a UUID, or null where a character is no digit or the number is too large
 */
export function decodeUuid(text: string, start: number): string | null {
  let [high, upper, middle, lower, low] = [0, 0, 0, 0, 0];
  for (let index = 0; index < 22; index += 4) {
    const width = index < 20 ? 4 : 2;
    const digits = decodeNumber(text, start + index, width);
    if (digits === null) return null;
    // Five limbs of 28 bits; 16 bits in the highest: times 62⁴ they stay exact.
    const base = width === 4 ? 62 ** 4 : 62 ** 2;
    low = low * base + digits;
    lower = lower * base + Math.floor(low / limb28);
    middle = middle * base + Math.floor(lower / limb28);
    upper = upper * base + Math.floor(middle / limb28);
    high = high * base + Math.floor(upper / limb28);
    low %= limb28;
    lower %= limb28;
    middle %= limb28;
    upper %= limb28;
  }
  if (high > 0xffff) return null;
  writeHex(high, 0, 4);
  writeHex(upper, 4, 7);
  writeHex(middle, 11, 7);
  writeHex(lower, 18, 7);
  writeHex(low, 25, 7);
  return uuid.toString('latin1');
}

const limb28 = 2 ** 28;

/** Reused by every call: nothing here waits in between. */
const uuid = Buffer.from('00000000-0000-0000-0000-000000000000');
const hexAt = Uint8Array.from([...uuid.keys()].filter((at) => uuid[at] !== 0x2d));
const hexCodes = Buffer.from('0123456789abcdef');

/** Writes `width` hexadecimal digits from the given one of the 32 on. */
function writeHex(value: number, first: number, width: number): void {
  let rest = value;
  for (let digit = first + width - 1; digit >= first; digit--) {
    uuid[hexAt[digit] ?? 0] = hexCodes[rest & 15] ?? 0;
    rest >>= 4;
  }
}
