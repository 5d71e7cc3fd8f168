/**
 * Nobody may shut the last administrator out.
 *
 * There is no lock: the write that takes one administrator away also writes another one's unchanged row, the witness, with
 * the version that was read. Two requests that take away each other's witness cannot both succeed.
 * @module
 */
import { type DomainId, rootDomainId, type UserId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import { everyRole } from '../domain/role-names.ts';
import { systemRoles } from '../domain/tenancy.ts';
import { suspension, type User } from '../domain/user.ts';
import { rolesOf } from '../store/assignments.ts';
import type { Write } from '../store/database.ts';
import { listUsers, updateUser } from '../store/users.ts';
import type { Core } from './core.ts';

const pageSize = 100;

/** A role in a domain (or everywhere, which counts in each) that somebody who can sign in must always hold. */
export interface Seat {
  readonly role: string;
  readonly domainId: DomainId;
}

export function administratorOf(domainId: DomainId): Seat {
  return { role: systemRoles.administrator, domainId };
}

/** The roles without whose holder nobody could administer the installation any more. */
const seats: readonly Seat[] = [
  administratorOf(rootDomainId),
  // Held everywhere, so in this domain as in each.
  { role: everyRole, domainId: rootDomainId },
];

/** Whether the user can sign in now and for good: an account with an end cannot be the last one. */
function canAlwaysSignIn(user: User, nowMs: number): boolean {
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

/** Who must stay untouched for a change of an account to be safe: of each of its seats, another holder. None, if it keeps them. */
export async function witnessesFor(core: Core, before: User, after: User | null): Promise<readonly User[]> {
  const nowMs = core.clock();
  const lasts = canAlwaysSignIn(before, nowMs) ? canAlwaysSignIn : canSignIn;
  if (!canSignIn(before, nowMs) || (after !== null && lasts(after, nowMs))) return [];
  const roles = await rolesOf(core.database, before.id, { domainId: rootDomainId, tenantId: null });
  const held = seats.filter(({ role }) => roles.includes(role));
  return await Promise.all(held.map((seat) => findWitness(core, seat, before.id)));
}

/** The rows to write when a user loses a seat: theirs, and that of a holder who stays. @throws {ProblemError} `conflict` */
export async function leaveSeat(core: Core, user: User, seat: Seat): Promise<readonly Write[]> {
  if (!canSignIn(user, core.clock())) return updateInOrder(core, [user]);
  return updateInOrder(core, [user, await findWitness(core, seat, user.id)]);
}

/**
 * Another holder of the seat who can always sign in.
 *
 * @throws {ProblemError} `conflict` where there is none
 */
async function findWitness(core: Core, { role, domainId }: Seat, without: UserId): Promise<User> {
  const nowMs = core.clock();
  for (let skip = 0; ; skip += pageSize) {
    const page = await listUsers(core.database, {
      domainId: null,
      name: null,
      username: null,
      email: null,
      inAllRoles: [role],
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
        `This is the last user who can sign in as "${role}". Make somebody else one first.`,
      );
  }
}

/** Updates of several users, each once and always in the same order, so that two such writes never wait for each other. */
export function updateInOrder(core: Core, users: readonly User[]): Write[] {
  const distinct = [...new Map(users.map((user) => [user.id, user])).values()];
  const ordered = distinct.sort((one, other) => (one.id < other.id ? -1 : 1));
  return ordered.map((user) => updateUser(core.database, user));
}
