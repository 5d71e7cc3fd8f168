/** Giving a user a role in the caller's domain, and taking it away. @module */
import type { DomainId, UserId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import { type Assignment, type JsonObject, type Role, systemRoles } from '../domain/tenancy.ts';
import type { User } from '../domain/user.ts';
import { assign, rolesOf, unassign } from '../store/assignments.ts';
import type { Write } from '../store/database.ts';
import type { Caller, Core } from './core.ts';
import { findUserToAssign, findVisibleUser } from './manage-accounts.ts';
import { auditOf } from './manage-audit.ts';
import { retryOnConflict } from './manage-conflicts.ts';
import { administratorOf, leaveSeat } from './manage-last-admin.ts';
import {
  domainOf,
  isOperator,
  requireAdministrator,
  requireAuthorityOver,
  requireUserAdministrator,
} from './manage-rights.ts';
import { type CountedRole, countRole, findRoleHere } from './manage-roles.ts';

/**
 * Gives the role in the token's domain; giving it again changes nothing.
 *
 * Nobody gives what is above their own: only `admin` gives `admin`, and only `admin` gives anything to who holds it.
 *
 * @throws {ProblemError} `forbidden`, `not_found` for the role or the user
 */
export async function assignRole(
  core: Core,
  caller: Caller,
  roleName: string,
  userId: UserId,
): Promise<CountedRole> {
  requireUserAdministrator(caller);
  return retryOnConflict(async () => {
    const role = await findRoleHere(core, caller, roleName);
    const user = await findUserToAssign(core, caller, userId);
    await requireRightToChange(core, caller, role, user);
    await core.database.write([
      assign(core.database, assignmentIn(domainOf(caller), role, user)),
      auditOf(core, caller, 'role_assigned', user.id, detailOf(caller, role)),
    ]);
    return countRole(core, caller, role);
  });
}

/**
 * Takes the role away in the token's domain.
 *
 * @throws {ProblemError} `forbidden`, `not_found` also if the user does not hold it, `conflict` for the last administrator
 */
export async function unassignRole(
  core: Core,
  caller: Caller,
  roleName: string,
  userId: UserId,
): Promise<void> {
  requireUserAdministrator(caller);
  await retryOnConflict(async () => {
    const role = await findRoleHere(core, caller, roleName);
    const user = await findVisibleUser(core, caller, userId);
    await requireRightToChange(core, caller, role, user);
    const places = await whereHeld(core, caller, role, user);
    await core.database.write([
      ...(await administratorsStay(core, caller, role, user)),
      ...places.map((domainId) => unassign(core.database, assignmentIn(domainId, role, user))),
      auditOf(core, caller, 'role_unassigned', user.id, detailOf(caller, role)),
    ]);
  });
}

/** The token's domain and, for a role held everywhere (null), also that: only operators reach beyond their domain. */
async function whereHeld(
  core: Core,
  caller: Caller,
  role: Role,
  user: User,
): Promise<readonly (DomainId | null)[]> {
  const { domainId } = caller.principal;
  const rolesIn = (id: DomainId | null) => rolesOf(core.database, user.id, { domainId: id, tenantId: null });
  const [here, everywhere] = await Promise.all([rolesIn(domainId), rolesIn(null)]);
  if (!here.includes(role.name))
    throw refuse('not_found', 'role_not_held', `The user does not have the role "${role.name}".`);
  if (!everywhere.includes(role.name)) return [domainId];
  if (isOperator(caller.principal)) return [domainId, null];
  throw refuse(
    'forbidden',
    'held_everywhere',
    'This role is held in every domain: it is taken away in "root".',
  );
}

/** Writes the row of an administrator who goes, and of one who stays: see manage-last-admin.ts. */
async function administratorsStay(
  core: Core,
  caller: Caller,
  role: Role,
  user: User,
): Promise<readonly Write[]> {
  if (role.name !== systemRoles.administrator) return [];
  return leaveSeat(core, user, administratorOf(domainOf(caller)));
}

async function requireRightToChange(core: Core, caller: Caller, role: Role, user: User): Promise<void> {
  if (caller.principal.roles.includes(systemRoles.administrator)) return;
  if (role.name === systemRoles.administrator) requireAdministrator(caller);
  await requireAuthorityOver(core, caller, user);
}

function assignmentIn(domainId: DomainId | null, role: Role, user: User): Assignment {
  return { userId: user.id, roleId: role.id, domainId, tenantId: null };
}

function detailOf(caller: Caller, role: Role): JsonObject {
  return { role: role.name, domainId: domainOf(caller) };
}
