/** Finds out whether a user may have a token for a domain, betraying nothing about domains they may not enter. @module */
import { type Holder, mayEnter } from '../domain/holder.ts';
import { type DomainId, isUuid, rootDomainId, type UserId } from '../domain/ids.ts';
import { ProblemError } from '../domain/problem.ts';
import type { NamedScope, Scope } from '../domain/tenancy.ts';
import type { Core } from './core.ts';

/**
 * @param named name or id, as the caller wrote it
 * @throws {ProblemError} `forbidden`, alike for an unknown domain and one the user has no business in
 */
export async function enterDomain(core: Core, userId: UserId, named: string): Promise<Holder> {
  const holder = await core.database.findHolder(userId, scopeOf(named));
  if (holder === null || !mayEnter(holder, 'home-or-role')) {
    const reason = holder?.domainName === null ? 'unknown_domain' : 'no_role_in_domain';
    throw new ProblemError({
      kind: 'forbidden',
      reason,
      field: 'domain',
      message: `No access to domain "${named}".`,
    });
  }
  return holder;
}

/** What looks like an id is one. */
function scopeOf(named: string): Scope | NamedScope {
  const id = named.toLowerCase();
  return isUuid(id) ? { domainId: id as DomainId, tenantId: null } : { domain: named, tenantId: null };
}

/** Whether a domain was named at all, and is another than this one. */
export function namesAnotherDomain(
  named: string | null,
  current: { id: DomainId | null; name: string | null },
): boolean {
  if (named === null) return false;
  const text = named.toLowerCase();
  return text !== (current.id ?? rootDomainId) && text !== current.name?.toLowerCase();
}
