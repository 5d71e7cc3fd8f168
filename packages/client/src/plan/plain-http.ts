/** Credentials and tokens over plain HTTP: unread only where they stay on this machine. @module */

export const plainHttpFault = {
  reason: 'credentials and tokens go to another machine unencrypted',
  cure: 'use https',
} as const;

export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}
