/** Managing roles: create, list, read, change, delete. @module */
import { randomUUID } from 'node:crypto';
import type { RoleId, UserId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import { assignedRoles } from '../domain/role-names.ts';
import { type JsonObject, type Role, systemRoles } from '../domain/tenancy.ts';
import type { Page } from '../store/page.ts';
import {
  countHolders,
  deleteRole as deleteRoleRow,
  findRole,
  insertRole,
  listRoles as listRoleRows,
  updateRole,
} from '../store/roles.ts';
import type { Caller, Core } from './core.ts';
import { findVisibleUser } from './manage-accounts.ts';
import { auditOf } from './manage-audit.ts';
import { retryOnConflict, writeUnique } from './manage-conflicts.ts';
import { checkMetadata, checkName, checkOptionalText, invalidValue } from './manage-fields.ts';
import { domainOf, isOperator, requireAdministrator, requireUserAdministrator } from './manage-rights.ts';

/** A role with how many users hold it in the caller's domain. */
export interface CountedRole extends Role {
  readonly usersCount: number;
}

/** A field not given keeps its value, or is empty at creation. Objects replace the whole object. */
export interface RoleFields {
  readonly description?: string;
  readonly appMetadata?: JsonObject;
  readonly userMetadata?: JsonObject;
  readonly clientMetadata?: JsonObject;
}

export interface NewRole extends RoleFields {
  readonly name: string;
}

export interface RoleChanges extends RoleFields {
  readonly name?: string;
}

export interface RoleQuery {
  readonly name: string | null;
  /** Only roles that this user holds in the caller's domain. */
  readonly userId: UserId | null;
  readonly skip: number;
  readonly limit: number;
}

const maxNameCharacters = 128;
const maxDescriptionCharacters = 1024;
const nameTaken = 'A role of that name exists already.';

/**
 * Creates a role of the token's domain.
 *
 * @throws {ProblemError} `forbidden`, `invalid_value`, `conflict` where the name is taken
 */
export async function createRole(core: Core, caller: Caller, fields: NewRole): Promise<CountedRole> {
  requireAdministrator(caller);
  checkRoleFields(fields);
  await refuseTakenName(core, caller, fields.name);
  const nowMs = core.clock();
  const role: Role = {
    id: randomUUID() as RoleId,
    domainId: domainOf(caller),
    name: fields.name,
    description: fields.description ?? '',
    origin: 'custom',
    appMetadata: fields.appMetadata ?? {},
    userMetadata: fields.userMetadata ?? {},
    clientMetadata: fields.clientMetadata ?? {},
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  const audit = auditOf(core, caller, 'role_created', role.name, { id: role.id });
  await writeUnique(core, [insertRole(core.database, role), audit], nameTaken);
  return { ...role, usersCount: 0 };
}

/** The roles of the token's domain and the system's. @throws {ProblemError} `forbidden`, `not_found` for the user */
export async function listRoles(core: Core, caller: Caller, query: RoleQuery): Promise<Page<CountedRole>> {
  if (query.userId !== caller.principal.userId) requireUserAdministrator(caller);
  if (query.userId !== null) await findVisibleUser(core, caller, query.userId);
  const except = [...assignedRoles.keys()];
  return listRoleRows(core.database, { ...query, except, domainId: domainOf(caller) });
}

/** @throws {ProblemError} `forbidden`, `not_found` */
export async function getRole(core: Core, caller: Caller, name: string): Promise<CountedRole> {
  requireUserAdministrator(caller);
  return countRole(core, caller, await findRoleHere(core, caller, name));
}

/**
 * Changes the fields that are given. The system's roles keep their names and, being everybody's, change by operators only.
 *
 * @throws {ProblemError} `forbidden`, `not_found`, `invalid_value`, `conflict` where the new name is taken
 */
export async function changeRole(
  core: Core,
  caller: Caller,
  name: string,
  changes: RoleChanges,
): Promise<CountedRole> {
  requireAdministrator(caller);
  checkRoleFields(changes);
  return retryOnConflict(async () => {
    const role = await findRoleHere(core, caller, name);
    if (role.domainId === null && !isOperator(caller.principal))
      throw refuse('forbidden', 'system_role', 'Roles of the system are changed in the domain "root".');
    if (isRenamed(role, changes) && role.origin === 'system') throw systemRoleStays('renamed');
    if (isRenamed(role, changes)) await refuseTakenName(core, caller, changes.name ?? role.name);
    const changed: Role = {
      ...role,
      name: changes.name ?? role.name,
      description: changes.description ?? role.description,
      appMetadata: changes.appMetadata ?? role.appMetadata,
      userMetadata: changes.userMetadata ?? role.userMetadata,
      clientMetadata: changes.clientMetadata ?? role.clientMetadata,
      updatedAtMs: core.clock(),
    };
    const audit = auditOf(core, caller, 'role_changed', role.name, { id: role.id, name: changed.name });
    await writeUnique(core, [updateRole(core.database, changed), audit], nameTaken);
    return countRole(core, caller, changed);
  });
}

/** Deletes the role and takes it from all who hold it. @throws {ProblemError} `forbidden`, `not_found`, `conflict` */
export async function deleteRole(core: Core, caller: Caller, name: string): Promise<void> {
  requireAdministrator(caller);
  await retryOnConflict(async () => {
    const role = await findRoleHere(core, caller, name);
    if (role.origin === 'system') throw systemRoleStays('deleted');
    const audit = auditOf(core, caller, 'role_deleted', role.name, { id: role.id });
    await core.database.write([...deleteRoleRow(core.database, role.id), audit]);
  });
}

/** The role of that name in the token's domain; those that are given by assignments are none. @throws {ProblemError} `not_found` */
export async function findRoleHere(core: Core, caller: Caller, name: string): Promise<Role> {
  const isGroup = !assignedRoles.has(name);
  const role = isGroup ? await findRole(core.database, { domainId: domainOf(caller), name }) : null;
  if (role === null) throw refuse('not_found', 'unknown_role', `There is no role "${name}".`);
  return role;
}

export async function countRole(core: Core, caller: Caller, role: Role): Promise<CountedRole> {
  const usersCount = await countHolders(core.database, role.id, domainOf(caller));
  return { ...role, usersCount };
}

/** The database keeps names unique in each domain; that the system's count as each domain's own is seen to here. */
async function refuseTakenName(core: Core, caller: Caller, name: string): Promise<void> {
  const role = await findRole(core.database, { domainId: domainOf(caller), name });
  if (role !== null) throw refuse('conflict', 'name_taken', nameTaken);
}

function isRenamed(role: Role, changes: RoleChanges): boolean {
  return changes.name !== undefined && changes.name !== role.name;
}

function checkRoleFields(fields: RoleChanges): void {
  if (fields.name !== undefined) checkRoleName(fields.name);
  checkOptionalText('description', fields.description, maxDescriptionCharacters);
  checkMetadata('appMetadata', fields.appMetadata);
  checkMetadata('userMetadata', fields.userMetadata);
  checkMetadata('clientMetadata', fields.clientMetadata);
}

/** Refuses also what could be taken for a role of the system: whoever reads a token might not tell them apart. */
function checkRoleName(name: string): void {
  checkName('name', name, maxNameCharacters);
  const known = [...Object.values(systemRoles), ...assignedRoles.keys()];
  const lookalike = known.find((role) => role.toLowerCase() === name.toLowerCase());
  if (lookalike !== undefined && lookalike !== name)
    throw invalidValue('name', `choose one that cannot be taken for "${lookalike}".`);
}

function systemRoleStays(done: 'renamed' | 'deleted'): Error {
  return refuse('conflict', 'system_role', `Roles of the system cannot be ${done}.`);
}
