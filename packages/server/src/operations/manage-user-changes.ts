/** Managing user accounts: change, unlock, give a new password, delete. @module */
import type { UserId } from '../domain/ids.ts';
import { unlock } from '../domain/lockout.ts';
import type { User } from '../domain/user.ts';
import type { Write } from '../store/database.ts';
import { endSessionsOfUser } from '../store/sessions.ts';
import { deleteUser as deleteUserRow } from '../store/users.ts';
import type { Caller, Core } from './core.ts';
import { type AccountFields, checkAccountFields, pickAccountFields } from './manage-account-fields.ts';
import { type Account, describeAccount, findVisibleUser } from './manage-accounts.ts';
import { auditOf } from './manage-audit.ts';
import { retryOnConflict } from './manage-conflicts.ts';
import { invalidValue } from './manage-fields.ts';
import { updateInOrder, witnessesFor } from './manage-last-admin.ts';
import { checkPolicyName, policyNamed, replacePassword } from './manage-passwords.ts';
import { requireAuthorityOver, requireManagedHere, requireUserAdministrator } from './manage-rights.ts';

export interface UserChanges extends AccountFields {
  readonly password?: string;
  /** Only 0, which ends a lockout. */
  readonly failedLoginsCount?: number;
}

/**
 * Changes the fields that are given. A new password ends the user's interactive sessions but the caller's own.
 *
 * @throws {ProblemError} `forbidden`, `not_found`, `invalid_value`, `conflict` for the last administrator
 */
export async function changeUser(
  core: Core,
  caller: Caller,
  id: UserId,
  changes: UserChanges,
): Promise<Account> {
  requireUserAdministrator(caller);
  checkAccountFields(changes);
  if (changes.failedLoginsCount !== undefined && changes.failedLoginsCount !== 0)
    throw invalidValue('failedLoginsCount', 'it can only be set to 0, which unlocks the account.');
  await checkPolicyName(core, changes.passwordPolicy);
  return retryOnConflict(async () => {
    const user = await findManagedUser(core, caller, id);
    const changed = await applyChanges(core, caller, user, changes);
    if (changed.fields.length === 0) return describeAccount(core, caller, user);
    const witnesses = await witnessesFor(core, user, changed.user);
    await core.database.write([
      ...updateInOrder(core, [changed.user, ...witnesses]),
      ...changed.writes,
      auditOf(core, caller, 'user_changed', user.id, { fields: changed.fields }),
    ]);
    return describeAccount(core, caller, changed.user);
  });
}

/** Deletes the account with everything it holds; its sessions end. @throws {ProblemError} as {@link changeUser} */
export async function deleteUser(core: Core, caller: Caller, id: UserId): Promise<void> {
  requireUserAdministrator(caller);
  await retryOnConflict(async () => {
    const user = await findManagedUser(core, caller, id);
    const witnesses = await witnessesFor(core, user, null);
    await core.database.write([
      ...updateInOrder(core, [user, ...witnesses]),
      ...deleteUserRow(core.database, id),
      auditOf(core, caller, 'user_deleted', id, { username: user.username }),
    ]);
  });
}

async function findManagedUser(core: Core, caller: Caller, id: UserId): Promise<User> {
  const user = await findVisibleUser(core, caller, id);
  await requireManagedHere(core, caller, user.domainId);
  await requireAuthorityOver(core, caller, user);
  return user;
}

interface ChangedUser {
  readonly user: User;
  /** Names of the fields that were given. */
  readonly fields: readonly string[];
  readonly writes: readonly Write[];
}

async function applyChanges(
  core: Core,
  caller: Caller,
  user: User,
  changes: UserChanges,
): Promise<ChangedUser> {
  const nowMs = core.clock();
  const { password, failedLoginsCount, ...rest } = changes;
  const given = pickAccountFields(rest);
  const fields = Object.keys(given);
  if (failedLoginsCount !== undefined) fields.push('failedLoginsCount');
  const unlocked = failedLoginsCount === undefined ? user : unlock(user);
  const changed = { ...unlocked, ...given, updatedAtMs: nowMs };
  if (password === undefined) return { user: changed, fields, writes: [] };
  if (user.connection !== 'local')
    throw invalidValue('password', 'the password of this account is kept elsewhere.');
  const policy = await policyNamed(core, changed.passwordPolicy);
  const renewed = await replacePassword(core, changed, policy, password);
  const own = caller.principal.sessionId;
  const ended = endSessionsOfUser(core.database, user.id, own, 'interactive', 'password_changed', nowMs);
  return { user: renewed.user, fields: [...fields, 'password'], writes: [...renewed.writes, ended] };
}
