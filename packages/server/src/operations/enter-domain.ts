/** Finds out whether a user may have a token for a domain, betraying nothing about domains they may not enter. @module */
import { type Holder, mayEnter } from '../domain/holder.ts';
import { type DomainId, rootDomainId, type UserId } from '../domain/ids.ts';
import { ProblemError } from '../domain/problem.ts';
import { findDomain } from '../store/domains.ts';
import { findHolder } from '../store/holders.ts';
import type { Core } from './core.ts';

/**
 * @param named name or id, as the caller wrote it
 * @throws {ProblemError} `forbidden`, alike for an unknown domain and one the user has no business in
 */
export async function enterDomain(core: Core, userId: UserId, named: string): Promise<Holder> {
  const domain = await findDomain(core.database, named);
  const scope = domain === null ? null : { domainId: domain.id, tenantId: null };
  const holder = scope === null ? null : await findHolder(core.database, userId, scope);
  if (holder === null || !mayEnter(holder, 'home-or-role')) {
    const reason = domain === null ? 'unknown_domain' : 'no_role_in_domain';
    throw new ProblemError({
      kind: 'forbidden',
      reason,
      field: 'domain',
      message: `No access to domain "${named}".`,
    });
  }
  return holder;
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
