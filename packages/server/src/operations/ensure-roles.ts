/** The roles that every installation has and that are given by assignments, also where it is older than they are. @module */
import { randomUUIDv7 } from 'node:crypto';
import { type RoleId, rootDomainId } from '../domain/ids.ts';
import { assignedRoles, everyRole } from '../domain/role-names.ts';
import { type Role, systemRoles } from '../domain/tenancy.ts';
import { assign, holdersOf } from '../store/assignments.ts';
import { DuplicateRow, type Write } from '../store/database.ts';
import { findRole, insertRole } from '../store/roles.ts';
import type { Core } from './core.ts';

/** A role known in every domain, that cannot be deleted. */
export function systemRole(name: string, description: string, nowMs: number): Role {
  return {
    id: randomUUIDv7() as RoleId,
    domainId: null,
    name,
    description,
    origin: 'system',
    appMetadata: {},
    userMetadata: {},
    clientMetadata: {},
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}

/**
 * Makes what is missing. With the role that counts as every role, all who operate the installation at that moment get it:
 * it gives them nothing that they could not have taken before.
 */
export async function ensureAssignedRoles(core: Pick<Core, 'database' | 'clock'>): Promise<void> {
  const { database, clock } = core;
  const names = [...assignedRoles.keys()];
  const found = await Promise.all(names.map((name) => findRole(database, { domainId: null, name })));
  const missing = names.filter((_, index) => found[index] === null);
  if (missing.length === 0) return;
  const roles = missing.map((name) => systemRole(name, assignedRoles.get(name) ?? '', clock()));
  const every = roles.find(({ name }) => name === everyRole);
  const writes = roles.map((role) => insertRole(database, role));
  try {
    await database.write([...writes, ...(every === undefined ? [] : await givenToOperators(core, every))]);
  } catch (error) {
    // Another server has just made them.
    if (!(error instanceof DuplicateRow)) throw error;
  }
}

async function givenToOperators({ database }: Pick<Core, 'database'>, { id }: Role): Promise<Write[]> {
  const operators = await holdersOf(database, { role: systemRoles.administrator, domainId: rootDomainId });
  return operators.map((userId) => assign(database, { userId, roleId: id, domainId: null, tenantId: null }));
}
