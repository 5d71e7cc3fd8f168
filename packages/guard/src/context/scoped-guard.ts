/** Decides on a request to a resource server by its access token of the `nebularstack` dialect, and its context headers. @module */
import { RemoteKeysError, TokenError, type VerifiedToken } from '@tessera/token';
import { readContextHeaders, type SeenHeaders } from './context-headers.ts';
import {
  type ContextLookups,
  type ContextResult,
  type EffectiveContext,
  resolveContext,
  type ScopeAnswer,
  type WantedContext,
} from './request-context.ts';
import { readTokenCaller, type TokenCaller } from './token-caller.ts';

/** `ended` and `expired`: the session was closed, or not used for too long. */
export type OnlineAnswer = ScopeAnswer | { readonly kind: 'ended' } | { readonly kind: 'expired' };

export interface ScopedGuard {
  /**
   * By issuer, keys and `expiry: 'optional'`: that versions 1 and 2 have an end is looked at here. Throws `TokenError`, or
   * `RemoteKeysError` where there are no keys to verify with.
   */
  readonly verify: (token: string, nowSeconds: number) => VerifiedToken | Promise<VerifiedToken>;
  readonly tenantMembership: ContextLookups['tenantMembership'];
  /**
   * Asks the token service for the context and roles of a token of version 3: of its own scope, narrowed by nothing, or,
   * where it has none, of the scope wanted. `context` may be remembered for 60 s. Null: version 3 is refused.
   */
  readonly askService: ((token: string, wanted: WantedContext) => Promise<OnlineAnswer>) | null;
}

export interface GuardedRequest {
  readonly headers: SeenHeaders;
  /** One of these is needed; empty: none is. `Root` counts as each of them. */
  readonly roles: readonly string[];
  readonly nowSeconds: number;
}

export type GuardDecision =
  | { readonly kind: 'allowed'; readonly caller: TokenCaller; readonly context: EffectiveContext }
  | GuardRefusal;

/** Answer the status; with `expired`, also the header `X-Expired-Token: true`, by which clients know to renew. */
export interface GuardRefusal {
  readonly kind: 'refused';
  readonly status: 400 | 401 | 403 | 503;
  readonly expired: boolean;
}

/** Never throws for what a request holds; what the look-ups throw passes through. */
export async function decideScopedRequest(
  guard: ScopedGuard,
  { headers, roles, nowSeconds }: GuardedRequest,
): Promise<GuardDecision> {
  const read = readContextHeaders(headers);
  if (read.kind === 'malformed') return refusal(400);
  if (read.token === null) return refusal(401);
  const verified = await verify(guard, read.token, nowSeconds);
  if ('status' in verified) return verified;
  const caller = readTokenCaller(verified.claims);
  // Only a token of version 3 may be without end, because only it is asked about at every use.
  if (caller === null || (verified.expiresAtSeconds === null && caller.version !== 3)) return refusal(401);
  const result = await resolve(guard, read.token, caller, read);
  switch (result.kind) {
    case 'context':
      if (!holdsOneOf(result.context.roles, roles)) return refusal(403);
      return { kind: 'allowed', caller, context: result.context };
    case 'refused':
      return refusal(403);
    case 'unavailable':
      return refusal(503);
    case 'ended':
      return refusal(401);
    case 'expired':
      return expired;
  }
}

const refusal = (status: GuardRefusal['status']): GuardRefusal => ({
  kind: 'refused',
  status,
  expired: false,
});
const expired: GuardRefusal = Object.freeze({ kind: 'refused', status: 401, expired: true });
const refuseScope = (): ScopeAnswer => ({ kind: 'refused' });

async function verify(
  guard: ScopedGuard,
  token: string,
  nowSeconds: number,
): Promise<VerifiedToken | GuardRefusal> {
  try {
    return await guard.verify(token, nowSeconds);
  } catch (error) {
    if (error instanceof RemoteKeysError) return refusal(503);
    if (!(error instanceof TokenError)) throw error;
    // Only said of a token whose signature is good.
    return error.reason === 'expired' ? expired : refusal(401);
  }
}

type Resolution = ContextResult | { readonly kind: 'ended' } | { readonly kind: 'expired' };

/** For version 3 the service vouches for the session and gives the roles; then the same table holds as for the others. */
async function resolve(
  { askService, tenantMembership }: ScopedGuard,
  token: string,
  caller: TokenCaller,
  wanted: WantedContext,
): Promise<Resolution> {
  if (caller.version !== 3)
    return resolveContext(caller, wanted, { tenantMembership, enterScope: refuseScope });
  if (askService === null) return { kind: 'ended' };
  const { domain, tenantId } = caller;
  const answer = await askService(token, domain === null ? wanted : { domain, tenantId });
  if (answer.kind === 'unknown') return { kind: 'unavailable' };
  if (answer.kind !== 'context') return answer;
  const roles = caller.kind === 'minimal' ? [] : answer.context.roles;
  const entered: ScopeAnswer = { kind: 'context', context: { ...answer.context, roles } };
  return resolveContext({ ...caller, roles }, wanted, { tenantMembership, enterScope: () => entered });
}

/** `Root`, held globally, counts as every role. */
function holdsOneOf(held: readonly string[], needed: readonly string[]): boolean {
  return needed.length === 0 || held.some((role) => role === 'Root' || needed.includes(role));
}
