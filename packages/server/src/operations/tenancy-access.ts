/** The scopes that a caller may have a token for, by domain name and tenant name. @module */
import type { UserId } from '../domain/ids.ts';
import { type Listing, listingOf } from '../domain/listing.ts';
import type { HeldRole } from '../domain/tenancy.ts';
import { heldRoles } from '../store/assignments.ts';
import { type DomainsWanted, listDomainsOf } from '../store/domain-directory.ts';
import { listEnabledTenants, listTenantsAssigned } from '../store/tenants.ts';
import type { Caller, Core } from './core.ts';
import { countingIn } from './tenancy-rights.ts';

/** A domain, or a tenant of it. */
export interface AccessibleScope {
  readonly domain: string;
  readonly tenantId: string | null;
  readonly tenantName: string | null;
  /** That a token for it would have. */
  readonly roles: readonly string[];
}

const byName = { matches: [], sort: null };

/** Needs no role; with a minimal token the scopes are the same and have no roles. */
export async function listAccess(core: Core, { principal }: Caller): Promise<Listing<AccessibleScope>> {
  const held = await heldRoles(core.database, principal.userId);
  const isMinimal = principal.tokenKind === 'minimal';
  return listingOf(async function* () {
    for await (const scope of scopesOf(core, principal.userId, held))
      yield isMinimal ? { ...scope, roles: [] } : scope;
  });
}

/** Read domain by domain, so that what is not asked for costs nothing. */
async function* scopesOf(
  core: Core,
  userId: UserId,
  held: readonly HeldRole[],
): AsyncGenerator<AccessibleScope> {
  const isEverywhere = held.some(({ domainId }) => domainId === null);
  const wanted: DomainsWanted = isEverywhere ? { kind: 'enabled' } : { kind: 'touched', userId };
  const domains = listDomainsOf(core.database, wanted, byName);
  for await (const { id: domainId, name: domain } of domains.all()) {
    const roles = countingIn(held, { domainId, tenantId: null });
    if (roles.length > 0) yield { domain, tenantId: null, tenantName: null, roles };
    // A role in the domain opens all of its tenants; without one only those where a role is held.
    const tenants =
      roles.length > 0
        ? listEnabledTenants(core.database, domainId, byName)
        : listTenantsAssigned(core.database, domainId, userId);
    for await (const { id: tenantId, name: tenantName } of tenants.all())
      yield { domain, tenantId, tenantName, roles: countingIn(held, { domainId, tenantId }) };
  }
}
