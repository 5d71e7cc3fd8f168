/** The claims of this dialect's JWTs. @module */
import { rootDomainId } from '../../domain/ids.ts';
import { groupsAmong } from '../../domain/role-names.ts';
import type { AccessTokenFormat, AccessTokenInput } from '../../operations/access-token.ts';

/** Seconds a JWT lives; fixed, because clients count on it. */
export const jwtSeconds = 300;

export const accessTokenFormat: AccessTokenFormat = {
  face: 'ciphertrust',
  lifetime: { kind: 'fixed', seconds: jwtSeconds },
  keyUse: 'ciphertrust',
  entry: 'home-or-role',
  lostScope: 'session_ended',
  checks: { audience: 'installation', expiry: 'required', lateSeconds: 0, keys: 'verifying' },
  recordUseEverySeconds: null,
  claims: claimsOf,
  // The scope of a JWT is that of its session, which moves to another domain by ending.
  read: () => 'session',
};

/** In the order the original writes them, ours after. */
function claimsOf(input: AccessTokenInput): object {
  const { issuer, audience, holder, session, tokenId, issuedAtSeconds, expiresAtSeconds } = input;
  const inRoot = holder.domainId === null || holder.domainId === rootDomainId;
  const claims = {
    aud: audience,
    sub: `${holder.connection}|${holder.userId}`,
    iss: issuer,
    acc: inRoot ? 'kylo' : `kylo:${holder.domainId}`,
    preferred_username: holder.username,
    cust: { groups: groupsAmong(holder.roles) },
    jwtid: tokenId,
    iat: issuedAtSeconds,
    exp: expiresAtSeconds,
    sid: session.id,
    jti: tokenId,
  };
  if (inRoot && holder.tenantId === null) return claims;
  return {
    ...claims,
    ...(inRoot ? {} : { domain: holder.domainName }),
    ...(holder.tenantId === null ? {} : { tenant_id: holder.tenantId }),
  };
}
