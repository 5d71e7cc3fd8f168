/** Makes an empty database an installation: its id, the root domain, the roles, the policy and the first administrator. @module */
import { randomInt, randomUUID } from 'node:crypto';
import { rootDomainId, type UserId } from '../domain/ids.ts';
import { defaultPolicy, globalPolicyName } from '../domain/password-policy.ts';
import { systemRoles } from '../domain/tenancy.ts';
import { blankUser, type User } from '../domain/user.ts';
import { assign } from '../store/assignments.ts';
import { DuplicateRow } from '../store/database.ts';
import { insertDomain } from '../store/domains.ts';
import { type Installation, insertInstallation, readInstallation } from '../store/installation.ts';
import { insertPolicy } from '../store/password-policies.ts';
import { insertRole } from '../store/roles.ts';
import { insertUser } from '../store/users.ts';
import type { Core } from './core.ts';
import { ensureAssignedRoles, systemRole } from './ensure-roles.ts';

/** The parts of the core there are before its installation is known. */
export type BareCore = Pick<Core, 'database' | 'clock' | 'passwords'>;

export interface FirstStart {
  readonly installation: Installation;
  /** The administrator's new random password, to be shown once; null when it was given, or this is no first start. */
  readonly adminPassword: string | null;
}

const administratorName = 'admin';

const otherRoles: readonly (readonly [string, string])[] = [
  [systemRoles.userAdministrators, 'Manages users and their groups.'],
  [systemRoles.keyUsers, 'Uses keys.'],
  [systemRoles.allClients, 'Clients of the domain.'],
];

/**
 * @param masterKeyCheck proves the master key; kept with the installation
 * @param givenPassword of the administrator; null: a random one is made
 */
export async function firstStart(
  core: BareCore,
  masterKeyCheck: string,
  givenPassword: string | null,
): Promise<FirstStart> {
  const start = await findOrInstall(core, masterKeyCheck, givenPassword);
  await ensureAssignedRoles(core);
  return start;
}

async function findOrInstall(
  core: BareCore,
  masterKeyCheck: string,
  givenPassword: string | null,
): Promise<FirstStart> {
  const existing = await readInstallation(core.database);
  if (existing !== null) return { installation: existing, adminPassword: null };
  const password = givenPassword ?? randomPassword();
  const installation = { id: randomUUID(), createdAtMs: core.clock(), masterKeyCheck };
  try {
    await install(core, installation, await core.passwords.hash(password));
    return { installation, adminPassword: givenPassword === null ? password : null };
  } catch (error) {
    // Two servers began on one empty database: the other one's installation stands.
    const other = error instanceof DuplicateRow ? await readInstallation(core.database) : null;
    if (other === null) throw error;
    return { installation: other, adminPassword: null };
  }
}

async function install(
  { database, clock }: BareCore,
  installation: Installation,
  passwordHash: string,
): Promise<void> {
  const nowMs = clock();
  const times = { createdAtMs: nowMs, updatedAtMs: nowMs };
  const administrator = systemRole(systemRoles.administrator, 'Administers everything in the domain.', nowMs);
  const others = otherRoles.map(([name, description]) => systemRole(name, description, nowMs));
  const user = firstUser(passwordHash, nowMs);
  await database.write([
    insertInstallation(database, installation),
    insertDomain(database, {
      id: rootDomainId,
      name: 'root',
      enabled: true,
      allowUserManagement: true,
      ...times,
    }),
    ...[administrator, ...others].map((role) => insertRole(database, role)),
    insertPolicy(database, { name: globalPolicyName, ...defaultPolicy, ...times }),
    insertUser(database, user),
    assign(database, { userId: user.id, roleId: administrator.id, domainId: rootDomainId, tenantId: null }),
  ]);
}

function firstUser(passwordHash: string, nowMs: number): User {
  const identity = { id: randomUUID() as UserId, domainId: rootDomainId, username: administratorName };
  return {
    ...blankUser(identity, nowMs),
    name: administratorName,
    nickname: administratorName,
    passwordHash,
    passwordChangedAtMs: nowMs,
  };
}

/** Letters and digits that cannot be taken for one another. */
const readable = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Twenty readable characters, 116 bits, in groups that are easy to type; satisfies the first password policy. */
function randomPassword(): string {
  for (;;) {
    const groups = Array.from({ length: 4 }, () => {
      return Array.from({ length: 5 }, () => readable[randomInt(readable.length)]).join('');
    });
    const password = groups.join('-');
    if (/[a-z]/.test(password) && /[A-Z]/.test(password) && /\d/.test(password)) return password;
  }
}
