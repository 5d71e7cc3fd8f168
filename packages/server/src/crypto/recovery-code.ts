/**
 * Recovery codes: what a user types when the authenticator is lost.
 *
 * A code is 80 random bits, 16 base32 characters in groups of four. That is out of reach of whoever reads its plain
 * SHA-256 in a stolen database, so neither a slow hash nor a key is needed; the user's id is hashed with it, so that the
 * codes of many users cannot be searched at once.
 * @module
 */
import { hash, randomBytes } from 'node:crypto';

/** No 0, 1, 8, 9: they are taken for O, I, B, g (RFC 4648 §6). */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const length = 16;
const codePattern = /^[A-Z2-7]{16}$/;

/** @returns for example `K7QF-2MPD-XW4A-53TZ` */
export function makeRecoveryCode(): string {
  // 256 is a multiple of 32: every character is as likely as every other.
  const characters = Array.from(randomBytes(length), (byte) => alphabet.charAt(byte % alphabet.length));
  return characters.join('').replace(/(?<=.)(?=(?:.{4})+$)/g, '-');
}

/** What is kept of a code, however it was typed; null when the text cannot be one. */
export function hashRecoveryCode(userId: string, text: string): string | null {
  const code = text.toUpperCase().replace(/[\s-]/g, '');
  return codePattern.test(code) ? hash('sha256', `recovery code\n${userId}\n${code}`, 'base64url') : null;
}
