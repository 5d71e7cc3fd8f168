/** Which domain an API token is for. @module */
import type { Secret } from '@tessera/client';
import { claimsOf } from './token-claims.ts';

const rootId = '00000000-0000-0000-0000-000000000000';

/**
 * Looks into the token without verifying it: this decides only what to ask the server for, which decides the rest.
 *
 * @param domain name or id
 */
export function isForDomain(jwt: Secret, domain: string): boolean {
  const { acc, domain: name } = claimsOf(jwt);
  const id = typeof acc === 'string' ? (acc.split(':')[1] ?? rootId) : null;
  return domain === (typeof name === 'string' ? name : 'root') || domain.toLowerCase() === id;
}
