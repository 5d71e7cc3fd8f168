/** Lets a proved caller act in another domain or tenant than their token says, for one request. @module */
import type { TenantId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import type { NamedScope } from '../domain/tenancy.ts';
import { findNamedPlace } from '../store/places.ts';
import type { Core, Principal } from './core.ts';
import { enterScope } from './enter-scope.ts';

/**
 * The caller in a tenant of their token's domain, with the roles they have there already.
 *
 * @throws {ProblemError} `forbidden` for a tenant that is unknown, disabled or of another domain, alike
 */
export async function actInTenant(
  core: Core,
  principal: Principal,
  { tenantId }: { readonly tenantId: string },
): Promise<Principal> {
  const place = await findNamedPlace(core.database, { domain: principal.domainName, tenantId });
  if (!place.stands || place.domainId !== principal.domainId) throw refuse('forbidden', 'no_such_tenant');
  return { ...principal, tenantId: tenantId as TenantId };
}

/**
 * The caller in a scope of their choice, with the roles that count there.
 *
 * @throws {ProblemError} `forbidden`, alike for what is unknown and where they have no business
 */
export async function actInScope(core: Core, principal: Principal, scope: NamedScope): Promise<Principal> {
  const holder = await enterScope(core, principal.userId, scope);
  const { domainId, domainName, tenantId, roles } = holder;
  return {
    ...principal,
    domainId,
    domainName,
    tenantId,
    roles: principal.tokenKind === 'minimal' ? [] : roles,
  };
}
