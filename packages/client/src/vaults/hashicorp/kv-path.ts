/** Names of secrets as path segments of the key-value engine. @module */

const plain = /[A-Za-z0-9._:@-]/;

/**
 * One segment, whatever is in the name: a slash would make a folder, and dots alone would climb out of one. What is not
 * plain becomes `=` and two hexadecimal digits a byte.
 */
export function segmentOf(name: string): string {
  const isDots = /^\.+$/.test(name);
  return [...Buffer.from(name, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      const stands = byte < 0x80 && plain.test(character) && !isDots;
      return stands ? character : `=${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

export function nameOf(segment: string): string {
  const bytes = segment.replaceAll(/=([0-9a-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
