/** Administering users in a context: change, give a new password, take the second factor away, delete. @module */
import type { UserId } from '../domain/ids.ts';
import type { Scope } from '../domain/tenancy.ts';
import type { User } from '../domain/user.ts';
import type { Write } from '../store/database.ts';
import { findDomainByName } from '../store/domains.ts';
import { endSessionsOfUser } from '../store/sessions.ts';
import { deleteUser } from '../store/users.ts';
import { resetSecondFactor } from './change-second-factor.ts';
import type { Caller, Core } from './core.ts';
import { auditOf } from './manage-audit.ts';
import { retryOnConflict } from './manage-conflicts.ts';
import { invalidValue } from './manage-fields.ts';
import { updateInOrder, witnessesFor } from './manage-last-admin.ts';
import { policyNamed, replacePassword } from './manage-passwords.ts';
import { findUserInside, requireSayOver, requireWriter } from './tenancy-rights.ts';
import { checkPersonFields, namesOf, type PersonFields, withPersonFields } from './tenancy-user-fields.ts';
import { describePerson, type Person } from './tenancy-users.ts';

export interface PersonChanges extends PersonFields {
  readonly password?: string;
  /** Neither can be changed; given, they have to be what they are. */
  readonly username?: string;
  readonly domain?: string;
}

/**
 * Changes the fields that are given. A new password, and being disabled, end all sessions that the user signed in to.
 *
 * @throws {ProblemError} `forbidden`, `invalid_value`, `conflict` for the last who can administer the installation
 */
export async function changePerson(
  core: Core,
  caller: Caller,
  id: string,
  changes: PersonChanges,
): Promise<Person> {
  const context = requireWriter(caller);
  checkPersonFields(changes);
  return retryOnConflict(async () => {
    const user = await findChangeable(core, caller, context, id);
    const { password, username, domain, ...fields } = changes;
    await refuseOtherIdentity(core, user, { username, domain });
    const names = [...namesOf(fields), ...(password === undefined ? [] : ['password'])];
    if (names.length === 0) return describePerson(core, user);
    const changed = { ...withPersonFields(user, fields), updatedAtMs: core.clock() };
    const renewed =
      password === undefined ? { user: changed, writes: [] } : await newPassword(core, changed, password);
    const witnesses = await witnessesFor(core, user, renewed.user);
    await core.database.write([
      ...updateInOrder(core, [renewed.user, ...witnesses]),
      ...renewed.writes,
      ...(user.enabled && !renewed.user.enabled ? [endSessions(core, user.id, 'user_disabled')] : []),
      auditOf(core, caller, 'user_changed', user.id, { fields: names }),
    ]);
    return describePerson(core, renewed.user);
  });
}

/** Deletes the account with everything it holds; its sessions end. @throws {ProblemError} as {@link changePerson} */
export async function deletePerson(core: Core, caller: Caller, id: string): Promise<void> {
  const context = requireWriter(caller);
  await retryOnConflict(async () => {
    const user = await findChangeable(core, caller, context, id);
    await core.database.write([
      ...updateInOrder(core, [user, ...(await witnessesFor(core, user, null))]),
      ...deleteUser(core.database, user.id),
      auditOf(core, caller, 'user_deleted', user.id, { username: user.username }),
    ]);
  });
}

/** Takes a user's second factor away, and ends their sessions. @throws {ProblemError} `forbidden` */
export async function resetPersonsSecondFactor(core: Core, caller: Caller, id: string): Promise<void> {
  const context = requireWriter(caller);
  const user = await findChangeable(core, caller, context, id);
  await resetSecondFactor(core, caller, user.id, (fresh) => requireSayOver(core, caller, fresh));
}

async function refuseOtherIdentity(
  core: Core,
  user: User,
  { username, domain }: { username: string | undefined; domain: string | undefined },
): Promise<void> {
  if (username !== undefined && username !== user.username)
    throw invalidValue('username', 'it cannot be changed.');
  if (domain === undefined) return;
  const home = await findDomainByName(core.database, domain);
  if (home?.id !== user.domainId) throw invalidValue('domain', 'it cannot be changed.');
}

async function findChangeable(core: Core, caller: Caller, context: Scope, id: string): Promise<User> {
  const user = await findUserInside(core, context, id);
  await requireSayOver(core, caller, user);
  return user;
}

async function newPassword(
  core: Core,
  user: User,
  password: string,
): Promise<{ readonly user: User; readonly writes: readonly Write[] }> {
  if (user.connection !== 'local')
    throw invalidValue('password', 'the password of this account is kept elsewhere.');
  const policy = await policyNamed(core, user.passwordPolicy);
  const renewed = await replacePassword(core, user, policy, password);
  return { user: renewed.user, writes: [...renewed.writes, endSessions(core, user.id, 'password_changed')] };
}

function endSessions(core: Core, id: UserId, reason: 'password_changed' | 'user_disabled'): Write {
  return endSessionsOfUser(core.database, id, null, 'interactive', reason, core.clock());
}
