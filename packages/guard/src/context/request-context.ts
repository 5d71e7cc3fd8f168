/**
 * The domain and tenant a request acts in: what its token is scoped to, narrowed by its headers.
 *
 * The headers never add a right: a narrowed request keeps the token's roles. Only a token without any scope of its own, of the
 * kind that takes its context per request (version 3), gets roles by them, and those are computed anew by the token service.
 * @module
 */

/** What a verified token is scoped to. */
export interface TokenContext {
  /** Claim `ver`. */
  readonly version: 1 | 2 | 3;
  /** Null: unscoped. */
  readonly domain: string | null;
  readonly tenantId: string | null;
  readonly roles: readonly string[];
}

/** Values of the headers `X-Domain` and `X-Tenant-ID`; null: not sent. */
export interface WantedContext {
  readonly domain: string | null;
  readonly tenantId: string | null;
}

export interface EffectiveContext {
  readonly domain: string | null;
  readonly tenantId: string | null;
  /** Check a route's required roles against these, and no others. */
  readonly roles: readonly string[];
}

/** What the token service says of a tenant. `unknown`: it cannot be asked now. */
export type TenantMembership = 'member' | 'stranger' | 'unknown';

/** What the token service says of a scope asked for. Refused: unknown, disabled, no match, or no role there. */
export type ScopeAnswer =
  | { readonly kind: 'context'; readonly context: EffectiveContext }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unknown' };

export interface ContextLookups {
  /** Whether an enabled tenant of this id is part of this enabled domain. Both are in lower case. */
  readonly tenantMembership: (
    tenantId: string,
    domain: string,
  ) => TenantMembership | Promise<TenantMembership>;
  /** The scope and the roles of the token's user there, as of now; a tenant without domain takes its own domain. */
  readonly enterScope: (wanted: WantedContext) => ScopeAnswer | Promise<ScopeAnswer>;
}

/** `refused`: answer 403, the same for every cause. `unavailable`: answer 503, never "allowed". */
export type ContextResult =
  | { readonly kind: 'context'; readonly context: EffectiveContext }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unavailable' };

const refused = Object.freeze({ kind: 'refused' } as const);
const unavailable = Object.freeze({ kind: 'unavailable' } as const);

/** What a look-up throws passes through: nothing is allowed then either. */
export async function resolveContext(
  token: TokenContext,
  wanted: WantedContext,
  lookups: ContextLookups,
): Promise<ContextResult> {
  const decision = decideContext(token, wanted);
  if (decision.kind === 'look-up-tenant') {
    const { domain, tenantId } = decision;
    const membership = await lookups.tenantMembership(tenantId, domain);
    if (membership === 'unknown') return unavailable;
    return membership === 'member' ? inContext({ domain, tenantId, roles: token.roles }) : refused;
  }
  if (decision.kind === 'enter-scope') {
    const answer = await lookups.enterScope(decision);
    return answer.kind === 'unknown' ? unavailable : answer;
  }
  return decision;
}

export type ContextDecision =
  | { readonly kind: 'context'; readonly context: EffectiveContext }
  | { readonly kind: 'refused' }
  /** The context is this tenant, with the token's roles, if the tenant is enabled and in the domain. */
  | { readonly kind: 'look-up-tenant'; readonly domain: string; readonly tenantId: string }
  /** The context is what the token service makes of this. */
  | { readonly kind: 'enter-scope'; readonly domain: string | null; readonly tenantId: string | null };

/** The table, as far as it can be decided without asking anybody. */
export function decideContext(token: TokenContext, wanted: WantedContext): ContextDecision {
  const own = inContext({ domain: token.domain, tenantId: token.tenantId, roles: token.roles });
  const domain = wanted.domain?.toLowerCase() ?? null;
  const tenantId = wanted.tenantId?.toLowerCase() ?? null;
  if (token.domain === null) {
    // No service of ours makes a token for a tenant in no domain.
    if (token.tenantId !== null) return refused;
    if (domain === null && tenantId === null) return own;
    return token.version === 3 ? { kind: 'enter-scope', domain, tenantId } : refused;
  }
  const ownDomain = token.domain.toLowerCase();
  if (domain !== null && domain !== ownDomain) return refused;
  if (tenantId === null) return own;
  if (token.tenantId === null) return { kind: 'look-up-tenant', domain: ownDomain, tenantId };
  return tenantId === token.tenantId.toLowerCase() ? own : refused;
}

const inContext = (context: EffectiveContext) => ({ kind: 'context', context }) as const;
