/** Which domain an API token is for. @module */
import type { Secret } from '@tessera/client';

const rootId = '00000000-0000-0000-0000-000000000000';

/**
 * Looks into the token without verifying it: this decides only what to ask the server for, which decides the rest.
 *
 * @param domain name or id
 */
export function isForDomain(jwt: Secret, domain: string): boolean {
  const { acc, domain: name } = payloadOf(jwt);
  const id = typeof acc === 'string' ? (acc.split(':')[1] ?? rootId) : null;
  return domain === (typeof name === 'string' ? name : 'root') || domain.toLowerCase() === id;
}

function payloadOf(jwt: Secret): { readonly acc?: unknown; readonly domain?: unknown } {
  try {
    const payload = Buffer.from(jwt.reveal().split('.')[1] ?? '', 'base64url').toString('utf8');
    return (JSON.parse(payload) as object | null) ?? {};
  } catch {
    return {};
  }
}
