/** Narrows a principal to the domain and tenant that a request's headers name. @module */
import { type Claims, type Principal, principalOf } from '@tessera/token';
import type { Narrowing } from '../methods/method.ts';
import type { RequestHead } from '../request/request-head.ts';
import { readContextHeaders } from './context-headers.ts';
import { type ContextLookups, type EffectiveContext, resolveContext } from './request-context.ts';
import type { TokenCaller } from './token-caller.ts';

/** The principal in the token's own scope. */
export function principalOfCaller(caller: TokenCaller, claims: Claims): Principal {
  return principalIn(caller, claims, caller);
}

/**
 * By the table of `resolveContext`: the headers never add a right.
 *
 * @param own as {@link principalOfCaller} made it; what a request without context headers acts as
 */
export function narrowCaller(
  caller: TokenCaller,
  claims: Claims,
  own: Principal,
  lookups: ContextLookups,
): (head: RequestHead) => Narrowing | Promise<Narrowing> {
  const unchanged: Narrowing = { kind: 'principal', principal: own };
  return (head) => {
    const wanted = readContextHeaders(head.headers);
    if (wanted.kind === 'malformed') return { kind: 'refused', status: 400 };
    if (wanted.domain === null && wanted.tenantId === null && caller.version !== 3) return unchanged;
    return resolveContext(caller, wanted, lookups).then((result): Narrowing => {
      if (result.kind === 'refused') return { kind: 'refused', status: 403 };
      if (result.kind === 'unavailable') return { kind: 'unavailable', retryAfterSeconds: 5 };
      return { kind: 'principal', principal: principalIn(caller, claims, result.context) };
    });
  };
}

function principalIn(caller: TokenCaller, claims: Claims, scope: EffectiveContext): Principal {
  const { domain, tenantId, roles } = scope;
  return principalOf(claims, { userName: caller.username, roles, scope: { domain, tenantId } });
}
