/** What a token is known by on a deny list. @module */
import { createHash } from 'node:crypto';
import { hashClaim } from './claim-names.ts';

/** Its hash claim in lower case, else `jti`, else `sha256:` and the base64url SHA-256 of the whole token. */
export function denialKeyOf(token: string, claims: Readonly<Record<string, unknown>>): string {
  const hash = claims[hashClaim];
  if (typeof hash === 'string' && hash !== '') return hash.toLowerCase();
  if (typeof claims.jti === 'string' && claims.jti !== '') return claims.jti;
  return `sha256:${createHash('sha256').update(token).digest('base64url')}`;
}
