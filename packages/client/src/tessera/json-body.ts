/** JSON as it goes over the wire, and as it may be shown. @module */
import { Secret } from '@tessera/token';

const secretFields: ReadonlySet<string> = new Set([
  'accessToken',
  'AccessToken',
  'credential',
  'jwt',
  'new_password',
  'otp',
  'otpauth_uri',
  'password',
  'qr_code',
  'qr_text',
  'recovery_codes',
  'refreshToken',
  'RefreshToken',
  'refresh_token',
  'secret',
  'signingKey',
  'token',
]);

/** The text to send: the one place where secrets in a body are revealed. */
export function serialize(body: object): string {
  return JSON.stringify(body, function (this: Record<string, unknown>, key: string, value: unknown) {
    // `value` is what Secret's own toJSON made of it: masked.
    const original = this[key];
    return original instanceof Secret ? original.reveal() : value;
  });
}

/** The same value with the text, or the list, in every field that carries a credential replaced. */
export function masked(body: unknown): unknown {
  return JSON.parse(
    JSON.stringify(body, (key, value: unknown) =>
      secretFields.has(key) && (typeof value === 'string' || Array.isArray(value)) ? '[secret]' : value,
    ) ?? 'null',
  );
}
