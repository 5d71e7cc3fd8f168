/** Tells a guard whether an access token counts now, of any interface, and what its bearer holds. @module */
import { decodeToken } from '@tessera/token';
import { ProblemError } from '../domain/problem.ts';
import type { NamedScope } from '../domain/tenancy.ts';
import { findNamedPlace } from '../store/places.ts';
import { actInScope } from './act-in-scope.ts';
import { authenticateAtAny, type FormatSet } from './authenticate-at-any.ts';
import type { Core, Principal } from './core.ts';

export interface IntrospectionRequest {
  readonly token: string;
  /** For a token of a kind that takes its scope from each request, and has none of its own; null: none. */
  readonly wanted: NamedScope | null;
  /** Of whoever showed the token to the guard; as it is, where the guard did not say. */
  readonly address: string;
}

export type Introspection =
  | { readonly kind: 'active'; readonly principal: Principal; readonly expiresAtSeconds: number | null }
  /** Its session stands, but there is no business for its bearer in the scope. */
  | { readonly kind: 'not_permitted' }
  | { readonly kind: 'inactive' }
  /** Genuine, and nothing but too old. */
  | { readonly kind: 'expired' };

/** Counts as a use of the token's session. @throws {ProblemError} `unavailable` and what else is not about the token */
export async function introspect(
  core: Core,
  formats: readonly FormatSet[],
  { token, wanted, address }: IntrospectionRequest,
): Promise<Introspection> {
  try {
    const principal = await authenticateAtAny(core, formats, token, address);
    const entered = await enter(core, formats, principal, wanted);
    const { exp = null } = decodeToken(token).claims;
    return { kind: 'active', principal: entered, expiresAtSeconds: exp };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    switch (error.problem.kind) {
      case 'unauthenticated':
      case 'session_ended':
        return { kind: error.problem.expired === true ? 'expired' : 'inactive' };
      case 'forbidden':
        return { kind: 'not_permitted' };
      default:
        throw error;
    }
  }
}

/** Only tokens that are asked about at every use, and have no scope, may take one. */
async function enter(
  core: Core,
  formats: readonly FormatSet[],
  principal: Principal,
  wanted: NamedScope | null,
): Promise<Principal> {
  const isNowhere = principal.domainId === null && principal.tenantId === null;
  const format = formats.flat().find(({ face }) => face === principal.face);
  if (wanted === null || !isNowhere || format?.lifetime.kind !== 'endless') return principal;
  return await actInScope(core, principal, wanted);
}

/** Whether an enabled tenant is part of an enabled domain. */
export async function isTenantOf(core: Core, domain: string, tenantId: string): Promise<boolean> {
  return (await findNamedPlace(core.database, { domain, tenantId })).stands;
}
