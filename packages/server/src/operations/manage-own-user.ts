/** What a user may see and change of their own account. @module */
import { refuse } from '../domain/problem.ts';
import { changeUser, findUser } from '../store/users.ts';
import type { Caller, Core } from './core.ts';
import { checkAccountFields, type OwnAccountFields, pickOwnAccountFields } from './manage-account-fields.ts';
import { type Account, describeAccount } from './manage-accounts.ts';
import { auditOf } from './manage-audit.ts';
import { requireStandardToken } from './manage-rights.ts';

/** @throws {ProblemError} `forbidden` for a token that is not yet good for anything, `not_found` */
export async function getOwnUser(core: Core, caller: Caller): Promise<Account> {
  requireStandardToken(caller);
  const user = await findUser(core.database, caller.principal.userId);
  if (user === null) throw unknownUser();
  return describeAccount(core, caller, user);
}

/**
 * Changes the fields that are given; whatever else the object holds is not looked at.
 *
 * @throws {ProblemError} `forbidden`, `invalid_value`, `not_found`
 */
export async function changeOwnUser(core: Core, caller: Caller, changes: OwnAccountFields): Promise<Account> {
  requireStandardToken(caller);
  const fields = pickOwnAccountFields(changes);
  checkAccountFields(fields);
  const id = caller.principal.userId;
  const changed = await changeUser(core.database, id, (user) => {
    const names = Object.keys(fields);
    if (names.length === 0) return { user: null, result: user };
    const next = { ...user, ...fields, updatedAtMs: core.clock() };
    const audit = auditOf(core, caller, 'user_changed', id, { fields: names });
    return { user: next, writes: [audit], result: next };
  });
  if (changed === null) throw unknownUser();
  return describeAccount(core, caller, changed);
}

function unknownUser(): Error {
  return refuse('not_found', 'unknown_user', 'There is no such user.');
}
