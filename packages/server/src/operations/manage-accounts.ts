/** What a caller may see of user accounts, and of which. @module */
import type { DomainId, UserId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import type { User } from '../domain/user.ts';
import { rolesOf } from '../store/assignments.ts';
import { findDomain } from '../store/domains.ts';
import { findUser } from '../store/users.ts';
import type { Caller, Core } from './core.ts';
import { domainOf, isOperator } from './manage-rights.ts';

/** A user as a caller may see it: without its password's hash, with what its domain is called. */
export interface Account extends Omit<User, 'version' | 'passwordHash'> {
  readonly domainName: string;
  /** Effective role names in the caller's domain; null where they were not asked for. */
  readonly roles: readonly string[] | null;
}

export function accountOf(user: User, domainName: string, roles: readonly string[] | null): Account {
  const { version: _version, passwordHash: _hash, ...visible } = user;
  return { ...visible, domainName, roles };
}

/** The account with its domain's name and its roles in the caller's domain. */
export async function describeAccount(core: Core, caller: Caller, user: User): Promise<Account> {
  const scope = { domainId: caller.principal.domainId, tenantId: null };
  const [domain, roles] = await Promise.all([
    findDomain(core.database, user.domainId),
    rolesOf(core.database, user.id, scope),
  ]);
  return accountOf(user, domain?.name ?? user.domainId, roles);
}

/**
 * The user, if the caller may know of them: at home in the token's domain, holding a role there, or oneself.
 * Operators know everybody.
 *
 * @throws {ProblemError} `not_found`, alike for unknown and invisible
 */
export async function findVisibleUser(core: Core, caller: Caller, id: UserId): Promise<User> {
  const { principal } = caller;
  const user = await findUser(core.database, id);
  if (user === null) throw unknownUser();
  if (isOperator(principal) || user.id === principal.userId || user.domainId === principal.domainId)
    return user;
  if (await holdsAnyRole(core, user.id, domainOf(caller))) return user;
  throw unknownUser();
}

/**
 * As {@link findVisibleUser}, and also users of the caller's own home domain: so an administrator who came to this domain
 * from another may bring in colleagues, whose ids have to be known.
 *
 * @throws {ProblemError} `not_found`
 */
export async function findUserToAssign(core: Core, caller: Caller, id: UserId): Promise<User> {
  const user = await findUser(core.database, id);
  if (user !== null && user.domainId === caller.principal.homeDomainId) return user;
  return findVisibleUser(core, caller, id);
}

async function holdsAnyRole(core: Core, userId: UserId, domainId: DomainId): Promise<boolean> {
  const roles = await rolesOf(core.database, userId, { domainId, tenantId: null });
  return roles.length > 0;
}

function unknownUser(): Error {
  return refuse('not_found', 'unknown_user', 'There is no such user.');
}
