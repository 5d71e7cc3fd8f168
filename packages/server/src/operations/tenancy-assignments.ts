/** Giving a user a role everywhere, in a domain or in a tenant, taking it away, and showing what they hold. @module */
import { type DomainId, isUuid, rootDomainId, type TenantId, type UserId } from '../domain/ids.ts';
import { type Listing, listingOf } from '../domain/listing.ts';
import { everyRole } from '../domain/role-names.ts';
import {
  type Assignment,
  type HeldRole,
  type NamedScope,
  type Role,
  type Scope,
  systemRoles,
} from '../domain/tenancy.ts';
import type { User } from '../domain/user.ts';
import { assign, heldRoles, unassign } from '../store/assignments.ts';
import type { Write } from '../store/database.ts';
import { findDomainByName } from '../store/domains.ts';
import { findRole } from '../store/roles.ts';
import { findTenantAnywhere } from '../store/tenants.ts';
import { findUser } from '../store/users.ts';
import type { Caller, Core } from './core.ts';
import { auditOf } from './manage-audit.ts';
import { retryOnConflict } from './manage-conflicts.ts';
import { administratorOf, leaveSeat } from './manage-last-admin.ts';
import {
  countingIn,
  covers,
  findUserInside,
  outside,
  requireReader,
  requireWriter,
} from './tenancy-rights.ts';

/** A role for a user at a target: everywhere, a domain by name, or a tenant by id, which takes its domain. */
export interface NamedAssignment {
  readonly userId: string;
  readonly role: string;
  readonly target: NamedScope;
}

/** What of the user's roles is inside the context or counts there. @throws {ProblemError} `forbidden` */
export async function listAssignments(core: Core, caller: Caller, id: string): Promise<Listing<HeldRole>> {
  const context = requireReader(caller);
  const user = await findUserInside(core, context, id);
  const held = await heldRoles(core.database, user.id);
  const seen = held.filter((role) => covers(context, role) || countingIn([role], context).length > 0);
  return listingOf(() => seen);
}

/**
 * Gives a role; giving it again changes nothing.
 *
 * Nobody gives what they do not hold at that very target, nor outside of their request's context.
 *
 * @throws {ProblemError} `forbidden`
 */
export async function giveRole(core: Core, caller: Caller, named: NamedAssignment): Promise<HeldRole> {
  return retryOnConflict(async () => {
    const { place, role, user } = await findAssignment(core, caller, named);
    await core.database.write([
      assign(core.database, assignmentOf(place, role, user)),
      auditOf(core, caller, 'role_assigned', user.id, detailOf(place, role)),
    ]);
    return { ...place, role: role.name };
  });
}

/** Takes a role away, also one that is not held. @throws {ProblemError} `forbidden`, `conflict` for the last administrator */
export async function takeRole(core: Core, caller: Caller, named: NamedAssignment): Promise<void> {
  await retryOnConflict(async () => {
    const { place, role, user } = await findAssignment(core, caller, named);
    const held = await heldRoles(core.database, user.id);
    if (!held.some((each) => each.role === role.name && isSame(each, place))) return;
    await core.database.write([
      ...(await seatsStay(core, place, role, user)),
      unassign(core.database, assignmentOf(place, role, user)),
      auditOf(core, caller, 'role_unassigned', user.id, detailOf(place, role)),
    ]);
  });
}

/** Where a role is held, and what its domain is called. */
interface NamedPlace extends Scope {
  readonly domainName: string | null;
}

interface Found {
  readonly place: NamedPlace;
  readonly role: Role;
  readonly user: User;
}

async function findAssignment(core: Core, caller: Caller, named: NamedAssignment): Promise<Found> {
  const context = requireWriter(caller);
  const place = await findTarget(core, named.target);
  if (!covers(context, place)) throw outside();
  const role = await findRole(core.database, { domainId: place.domainId, name: named.role });
  if (role === null || (role.name === everyRole && place.domainId !== null)) throw outside('unknown_role');
  await requireHeld(core, caller, role, place);
  return { place, role, user: await findUserToAssign(core, caller, context, named.userId) };
}

/** @throws {ProblemError} `forbidden` for a domain or tenant that is unknown, or a pair that does not belong together */
async function findTarget(core: Core, { domain: name, tenantId: id }: NamedScope): Promise<NamedPlace> {
  const domain = name === null ? null : await findDomainByName(core.database, name);
  if (name !== null && domain === null) throw outside('unknown_domain');
  if (id === null) return { domainId: domain?.id ?? null, domainName: domain?.name ?? null, tenantId: null };
  const tenant = isUuid(id) ? await findTenantAnywhere(core.database, id as TenantId) : null;
  if (tenant === null || (domain !== null && tenant.domainId !== domain.id)) throw outside('unknown_tenant');
  return { domainId: tenant.domainId, domainName: tenant.domainName, tenantId: tenant.id };
}

/** The caller's roles at the target are read now; what the token says of them does not count. */
async function requireHeld(core: Core, { principal }: Caller, role: Role, place: Scope): Promise<void> {
  const own = countingIn(await heldRoles(core.database, principal.userId), place);
  if (!own.includes(role.name) && !own.includes(everyRole)) throw outside('role_not_held');
}

/**
 * Whom a role may be given to: who is inside the context, at home in its domain or in the caller's own, or holds a role
 * in its domain.
 */
async function findUserToAssign(core: Core, caller: Caller, context: Scope, id: string): Promise<User> {
  const user = isUuid(id) ? await findUser(core.database, id as UserId) : null;
  if (user === null) throw outside('unknown_user');
  const homes: readonly (DomainId | null)[] = [context.domainId, caller.principal.homeDomainId];
  if (context.domainId === null || homes.includes(user.domainId)) return user;
  const held = await heldRoles(core.database, user.id);
  if (held.some(({ domainId }) => domainId === context.domainId)) return user;
  throw outside();
}

/** Writes the row of an administrator who goes, and of one who stays: see manage-last-admin.ts. */
async function seatsStay(core: Core, place: Scope, role: Role, user: User): Promise<readonly Write[]> {
  if (place.tenantId !== null) return [];
  if (role.name === everyRole) return leaveSeat(core, user, { role: everyRole, domainId: rootDomainId });
  if (role.name !== systemRoles.administrator) return [];
  return leaveSeat(core, user, administratorOf(place.domainId ?? rootDomainId));
}

function isSame(one: Scope, other: Scope): boolean {
  return one.domainId === other.domainId && one.tenantId === other.tenantId;
}

function assignmentOf({ domainId, tenantId }: Scope, role: Role, user: User): Assignment {
  return { userId: user.id, roleId: role.id, domainId, tenantId };
}

function detailOf({ domainId, tenantId }: Scope, role: Role) {
  return { role: role.name, domainId, tenantId };
}
