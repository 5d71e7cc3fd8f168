/** One-time passwords as authenticator apps make them: TOTP with SHA-1, 6 digits, 30 seconds (RFC 6238, RFC 4226). @module */
import { equalInConstantTime } from '@tessera/token';
import { Secret as OtpSecret, TOTP } from 'otpauth';
import { stepSeconds } from '../domain/second-factor.ts';

/** As RFC 4226 §4 recommends: as long as SHA-1's output. */
const secretBytes = 20;
const digits = 6;
const codePattern = /^[0-9]{6}$/;

/** @returns 160 random bits in base32, 32 characters without padding, as people type it into an app */
export function makeOtpSecret(): string {
  return new OtpSecret({ size: secretBytes }).base32;
}

/** Whether a text can be a code at all. */
export function looksLikeOtp(text: string): boolean {
  return codePattern.test(text);
}

/** Which of the steps has this code; null: none. Every step is compared, so that the time says nothing. */
export function stepOfOtp(secret: string, steps: readonly number[], code: string): number | null {
  const totp = totpOf(secret);
  const found = steps.filter((step) => equalInConstantTime(otpOf(totp, step), code));
  return found[0] ?? null;
}

/** What an app reads from a QR code: `otpauth://totp/…`. Contains the secret. */
export function otpUri(secret: string, account: { readonly issuer: string; readonly label: string }): string {
  return totpOf(secret, account).toString();
}

function totpOf(secret: string, account: { issuer?: string; label?: string } = {}): TOTP {
  const key = OtpSecret.fromBase32(secret);
  return new TOTP({ ...account, algorithm: 'SHA1', digits, period: stepSeconds, secret: key });
}

function otpOf(totp: TOTP, step: number): string {
  return totp.generate({ timestamp: step * stepSeconds * 1000 });
}
