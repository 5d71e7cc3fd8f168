/** Choosing a new password for a user: policy, history, hash. @module */
import { globalPolicyName, type PasswordPolicy, passwordFault } from '../domain/password-policy.ts';
import type { User } from '../domain/user.ts';
import type { Write } from '../store/database.ts';
import { findPolicy } from '../store/password-policies.ts';
import { insertPasswordHistory, passwordHistory } from '../store/users.ts';
import type { Core } from './core.ts';
import { invalidValue } from './manage-fields.ts';

/** How many former passwords are kept, whatever the policy, so that a stricter one works at once. */
const keptPasswords = 20;

/** The policy of that name; the global one for null, and for a name that is gone. */
export async function policyNamed(core: Core, name: string | null): Promise<PasswordPolicy> {
  const policy =
    (name === null ? null : await findPolicy(core.database, name)) ??
    (await findPolicy(core.database, globalPolicyName));
  if (policy === null) throw new Error('the global password policy is missing');
  return policy;
}

/** @throws {ProblemError} `invalid_value` for a policy that does not exist */
export async function checkPolicyName(core: Core, name: string | null | undefined): Promise<void> {
  if (name === null || name === undefined) return;
  if ((await findPolicy(core.database, name)) === null)
    throw invalidValue('passwordPolicy', 'there is no password policy of that name.');
}

/** @throws {ProblemError} `invalid_value` for a password the policy does not accept; the message never repeats it */
export function checkPassword(policy: PasswordPolicy, password: string, field = 'password'): void {
  const fault = password.isWellFormed() ? passwordFault(policy, password) : 'holds half a character';
  if (fault !== null) throw invalidValue(field, `${fault}.`);
}

/**
 * Gives the user a new password: checks policy and history, and files the current one among the former.
 *
 * @param field name of the password in what the caller sent, for the refusal
 *
 * The history holds former passwords only; the current one is the user's own and never may come again.
 *
 * @throws {ProblemError} `invalid_value`; its message never repeats a password
 */
export async function replacePassword(
  core: Core,
  user: User,
  policy: PasswordPolicy,
  password: string,
  field = 'password',
): Promise<{ readonly user: User; readonly writes: readonly Write[] }> {
  checkPassword(policy, password, field);
  const former = await passwordHistory(core.database, user.id, policy.historyThreshold);
  const current = user.passwordHash;
  for (const hash of current === null ? former : [current, ...former])
    if (await core.passwords.verify(hash, password))
      throw invalidValue(field, 'was used before; choose another one.');
  const nowMs = core.clock();
  const passwordHash = await core.passwords.hash(password);
  const writes =
    current === null ? [] : insertPasswordHistory(core.database, user.id, current, nowMs, keptPasswords);
  return { user: { ...user, passwordHash, passwordChangedAtMs: nowMs }, writes };
}
