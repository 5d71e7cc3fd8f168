/** What a token says of itself, unverified: for choosing what to ask the server, which decides the rest. @module */
import type { Secret } from '@tessera/client';

/** `{}` for a text that is no token. */
export function claimsOf(token: Secret): Readonly<Record<string, unknown>> {
  try {
    const payload = Buffer.from(token.reveal().split('.')[1] ?? '', 'base64url').toString('utf8');
    return (JSON.parse(payload) as Record<string, unknown> | null) ?? {};
  } catch {
    return {};
  }
}

/** A token that names no end does not expire. */
export function expiresWithin(token: Secret, seconds: number, nowMs: number): boolean {
  const { exp } = claimsOf(token);
  return typeof exp === 'number' && exp * 1000 <= nowMs + seconds * 1000;
}
