/**
 * Nobody may shut the last administrator out.
 *
 * There is no lock: the write that takes one administrator away also writes another one's unchanged row, the witness, with
 * the version that was read. Two requests that take away each other's witness cannot both succeed.
 * @module
 */
import type { DomainId, UserId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import { systemRoles } from '../domain/tenancy.ts';
import { suspension, type User } from '../domain/user.ts';
import { rolesOf } from '../store/assignments.ts';
import type { Write } from '../store/database.ts';
import { listUsers, updateUser } from '../store/users.ts';
import type { Core } from './core.ts';

const pageSize = 100;

/** Whether the user can sign in now and for good: an account with an end cannot be the last one. */
export function canAlwaysSignIn(user: User, nowMs: number): boolean {
  return user.expiresAtMs === null && canSignIn(user, nowMs);
}

/** Whether the user can sign in now; only passwords open a session until certificates are built. */
export function canSignIn(user: User, nowMs: number): boolean {
  return (
    suspension(user, nowMs) === null &&
    user.allowedAuthMethods.includes('password') &&
    user.passwordHash !== null
  );
}

export async function isAdministratorOf(core: Core, userId: UserId, domainId: DomainId): Promise<boolean> {
  const roles = await rolesOf(core.database, userId, { domainId, tenantId: null });
  return roles.includes(systemRoles.administrator);
}

/**
 * Another administrator of the domain who can always sign in.
 *
 * @throws {ProblemError} `conflict` where there is none
 */
export async function findWitness(core: Core, domainId: DomainId, without: UserId): Promise<User> {
  const nowMs = core.clock();
  for (let skip = 0; ; skip += pageSize) {
    const page = await listUsers(core.database, {
      domainId: null,
      name: null,
      username: null,
      email: null,
      inAllRoles: [systemRoles.administrator],
      inNoRoles: [],
      roleDomainId: domainId,
      accountExpired: false,
      allowedAuthMethods: null,
      allowedClientTypes: null,
      passwordPolicy: null,
      sort: { by: 'created_at', order: 'asc' },
      nowMs,
      skip,
      limit: pageSize,
    });
    const witness = page.rows.find((user) => user.id !== without && canAlwaysSignIn(user, nowMs));
    if (witness !== undefined) return witness;
    if (skip + pageSize >= page.total)
      throw refuse(
        'conflict',
        'last_administrator',
        `This is the last user who can sign in as "${systemRoles.administrator}". Give the role to another one first.`,
      );
  }
}

/** Updates of several users, always in the same order, so that two such writes never wait for each other. */
export function updateInOrder(core: Core, users: readonly User[]): Write[] {
  const ordered = users.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  return ordered.map((user) => updateUser(core.database, user));
}
