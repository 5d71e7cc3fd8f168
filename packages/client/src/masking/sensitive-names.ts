/** Names whose values are never shown. @module */

const words = [
  'password',
  'passwd',
  'pwd',
  'secret',
  'token',
  'jwt',
  'session',
  'cookie',
  'authorization',
  'key',
  'otp',
];

/** @param extra more words, in lower case */
export function isSensitiveName(name: string, extra: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return (
    words.some((word) => lower.includes(word)) || extra.some((word) => word !== '' && lower.includes(word))
  );
}
