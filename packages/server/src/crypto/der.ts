/** The few forms of DER that a certificate is written in (ITU-T X.690). Writes only: Node reads certificates itself. @module */

type Bytes = Uint8Array;

const primitive = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectId: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
} as const;

export const derNull: Bytes = element(primitive.null);
export const derTrue: Bytes = element(primitive.boolean, Uint8Array.of(0xff));

export function sequence(...members: readonly Bytes[]): Bytes {
  return element(0x30, ...members);
}

export function setOf(member: Bytes): Bytes {
  return element(0x31, member);
}

/** A member with a number of its own: `[number] EXPLICIT`. */
export function tagged(number: number, member: Bytes): Bytes {
  return element(0xa0 + number, member);
}

/** @param bytes big-endian, without needless leading zeros; a first bit of 1 makes it negative */
export function integer(bytes: Bytes): Bytes {
  return element(primitive.integer, bytes);
}

export function bitString(bytes: Bytes, unusedBits = 0): Bytes {
  return element(primitive.bitString, Uint8Array.of(unusedBits), bytes);
}

export function octetString(bytes: Bytes): Bytes {
  return element(primitive.octetString, bytes);
}

export function utf8(text: string): Bytes {
  return element(primitive.utf8, Buffer.from(text));
}

/** @param dotted for example `2.5.4.3` */
export function objectId(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(primitive.objectId, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** Two digits of the year until 2049, four from then on, as certificates want it (RFC 5280 §4.1.2.5). */
export function time(atMs: number): Bytes {
  const text = new Date(atMs).toISOString().replace(/\.\d+|[-:T]/g, '');
  const year = Number(text.slice(0, 4));
  return year < 2050
    ? element(primitive.utcTime, Buffer.from(text.slice(2)))
    : element(primitive.generalizedTime, Buffer.from(text));
}

/** Seven bits a byte, the highest first; all but the last have their top bit set. */
function base128(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [...base128(value >>> 7).map((byte) => byte | 0x80), low];
}

function element(tag: number, ...contents: readonly Bytes[]): Bytes {
  const content = Buffer.concat(contents);
  return Buffer.concat([Uint8Array.of(tag, ...lengthOf(content.length)), content]);
}

/** Below 128 one byte; else how many bytes follow, and those. */
function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes = length < 0x100 ? [length] : [length >>> 8, length & 0xff];
  return [0x80 | bytes.length, ...bytes];
}
