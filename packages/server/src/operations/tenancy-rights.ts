/**
 * Who may administer what by roles that are held everywhere, in a domain or in a tenant.
 *
 * A caller sees and changes what is inside the context of their request, with the roles that count there; for no domain at
 * all that is everything, with the roles held everywhere. What is outside is refused like what does not exist.
 * @module
 */
import { type DomainId, isUuid, type UserId } from '../domain/ids.ts';
import { type ProblemError, refuse } from '../domain/problem.ts';
import { countsAsOneOf, everyRole, isOperatorsRole, rankOf } from '../domain/role-names.ts';
import type { HeldRole, Scope } from '../domain/tenancy.ts';
import type { User } from '../domain/user.ts';
import { heldRoles, holdsAnythingIn } from '../store/assignments.ts';
import { findUser } from '../store/users.ts';
import type { Caller, Core } from './core.ts';
import { requireStandardToken } from './manage-rights.ts';

/** Any of these may change what there is. */
const writers = ['Administrator', 'Identity Administrator'];
/** Any of these may see it. */
const readers = [...writers, 'Customer', 'Identity Support', 'Staff Member', 'Support'];

/** The context in which the caller may see. @throws {ProblemError} `forbidden` */
export function requireReader(caller: Caller): Scope {
  return requireOneOf(caller, readers);
}

/** The context in which the caller may change. @throws {ProblemError} `forbidden` */
export function requireWriter(caller: Caller): Scope {
  return requireOneOf(caller, writers);
}

/** Whether the caller sees everything there is: with a token for no domain, and a role for it held everywhere. */
export function seesEverything({ principal }: Caller): boolean {
  return principal.domainId === null && countsAsOneOf(principal.roles, readers);
}

function requireOneOf(caller: Caller, roles: readonly string[]): Scope {
  requireStandardToken(caller);
  if (!countsAsOneOf(caller.principal.roles, roles)) throw refuse('forbidden', 'role_missing');
  const { domainId, tenantId } = caller.principal;
  return { domainId, tenantId };
}

/** One refusal for what is elsewhere and for what is nowhere. */
export function outside(reason = 'outside_context'): ProblemError {
  return refuse('forbidden', reason);
}

/** Whether something in `place` is inside a context. */
export function covers(context: Scope, place: Scope): boolean {
  if (context.domainId === null) return true;
  if (context.domainId !== place.domainId) return false;
  return context.tenantId === null || context.tenantId === place.tenantId;
}

/** The user, if they are inside the context. @throws {ProblemError} `forbidden`, alike for unknown and foreign */
export async function findUserInside(core: Core, context: Scope, id: string): Promise<User> {
  const user = isUuid(id) ? await findUser(core.database, id as UserId) : null;
  if (user === null) throw outside('unknown_user');
  const isInside =
    context.tenantId === null
      ? covers(context, { domainId: user.domainId, tenantId: null })
      : await holdsAnythingIn(core.database, user.id, context.tenantId);
  if (!isInside) throw outside();
  return user;
}

/**
 * Refuses who would gain by changing an account: whoever sets a user's password can be that user, wherever they hold roles.
 *
 * - A role held everywhere: the caller must hold the very same, everywhere.
 * - In the account's home domain and its tenants: the caller must be allowed to change things wherever it holds a role.
 * - Anywhere: the caller must have no less power over people's accounts than it; over operators only operators have.
 *
 * The caller's own roles are read now; what the token says of them does not count.
 *
 * @throws {ProblemError} `forbidden`, also for an account that is at home elsewhere
 */
export async function requireSayOver(core: Core, caller: Caller, user: User): Promise<void> {
  const { domainId, userId } = caller.principal;
  if (domainId !== null && user.domainId !== domainId) throw outside('managed_elsewhere');
  const [own, theirs] = await Promise.all([
    heldRoles(core.database, userId),
    heldRoles(core.database, user.id),
  ]);
  for (const held of theirs) if (!outranks(own, held, user.domainId)) throw outside('target_outranks_caller');
}

function outranks(own: readonly HeldRole[], held: HeldRole, homeDomainId: DomainId): boolean {
  const roles = countingIn(own, held);
  if (roles.includes(everyRole)) return true;
  if (held.domainId === null) return roles.includes(held.role);
  if (isOperatorsRole(held)) return roles.includes(held.role);
  const least = held.domainId === homeDomainId ? 1 : 0;
  return rankOf(roles) >= Math.max(least, rankOf([held.role]));
}

/** Of roles held anywhere, the names of those that count in a place. */
export function countingIn(held: readonly HeldRole[], place: Scope): readonly string[] {
  const counting = held.filter(({ domainId, tenantId }) => {
    if (domainId === null) return true;
    return domainId === place.domainId && (tenantId === null || tenantId === place.tenantId);
  });
  return [...new Set(counting.map(({ role }) => role))].sort();
}
