/** The claims of this dialect's access tokens, in three versions. @module */
import type { NamedScope } from '../../domain/tenancy.ts';
import type {
  AccessTokenFormat,
  AccessTokenInput,
  TokenChecks,
  VerifiedClaims,
} from '../../operations/access-token.ts';

export type Version = 1 | 2 | 3;

const day = 86_400;
const hour = 3_600;

/** An expired token may be shown together with a refresh token this long after its end; see V2-9. */
const lateSeconds: number = 30 * day;

/** Tokens of all versions are told apart by a claim, so they are verified alike; what each lacks is looked at after. */
const checks: TokenChecks = { audience: 'none', expiry: 'optional', lateSeconds, keys: 'verifying' };

const common = {
  keyUse: 'nebularstack',
  entry: 'role',
  lostScope: 'forbidden',
  checks,
  recordUseEverySeconds: null,
} as const;

/** Lives as long as its session, which a renewal prolongs. */
export const v1Format: AccessTokenFormat = {
  ...common,
  face: 'nebularstack-v1',
  lifetime: { kind: 'session' },
  claims: (input) => claimsOf(1, input),
  read: (claims) => scopeOf(1, claims),
};

export const v2Format: AccessTokenFormat = {
  ...common,
  face: 'nebularstack-v2',
  lifetime: { kind: 'within-session', seconds: hour },
  claims: (input) => claimsOf(2, input),
  read: (claims) => scopeOf(2, claims),
};

/** Lives by being used; good only where its session is looked at. */
export const v3Format: AccessTokenFormat = {
  ...common,
  face: 'nebularstack-v3',
  lifetime: { kind: 'endless' },
  recordUseEverySeconds: 300,
  claims: (input) => claimsOf(3, input),
  read: (claims) => scopeOf(3, claims),
};

/** What ordinary routes accept. */
export const allFormats: readonly [AccessTokenFormat, ...AccessTokenFormat[]] = [
  v2Format,
  v1Format,
  v3Format,
];

/** The roles that a token carries: none if it is minimal. */
export function rolesOf({
  session,
  holder,
}: Pick<AccessTokenInput, 'session' | 'holder'>): readonly string[] {
  return session.tokenKind === 'minimal' ? noRoles : holder.roles;
}

const noRoles: readonly string[] = [];

function claimsOf(version: Version, input: AccessTokenInput): object {
  const { holder, session, expiresAtSeconds, parentTokenId } = input;
  return {
    user_id: holder.userId,
    username: holder.username,
    user_domain: holder.homeDomainName,
    ...(holder.domainName === null ? {} : { domain: holder.domainName }),
    ...(holder.tenantId === null ? {} : { tenant_id: holder.tenantId }),
    // Those of a token without end would outlive the assignments.
    ...(expiresAtSeconds === null ? {} : { roles: rolesOf(input), exp: expiresAtSeconds }),
    iss: input.issuer,
    iat: input.issuedAtSeconds,
    jti: input.tokenId,
    ...(parentTokenId === null ? {} : { pjti: parentTokenId }),
    sid: session.id,
    ver: version,
    type: session.tokenKind,
    amr: session.amr,
    auth_time: Math.floor(session.authenticatedAtMs / 1000),
  };
}

/** Null for a token of another version, or of another dialect. */
function scopeOf(version: Version, { ver, domain, tenant_id: tenantId }: VerifiedClaims): NamedScope | null {
  if (ver !== version || !isTextOrAbsent(domain) || !isTextOrAbsent(tenantId)) return null;
  return { domain: domain ?? null, tenantId: tenantId ?? null };
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}
