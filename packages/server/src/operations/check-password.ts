/** Proves a user by name and password. Whatever is wrong with them: the same answer after the same work. @module */
import { rootDomainId } from '../domain/ids.ts';
import { countFailure, isLocked } from '../domain/lockout.ts';
import { type PasswordPolicy, passwordExpired } from '../domain/password-policy.ts';
import { type Challenge, ProblemError, refuse } from '../domain/problem.ts';
import { localConnection, suspension, type User } from '../domain/user.ts';
import { findDomain } from '../store/domains.ts';
import { changeUser, findUserByName } from '../store/users.ts';
import { audit } from './audit.ts';
import type { Core, Origin } from './core.ts';
import { countFailedAttempt, guessKeysOf, refuseWhileSlowed } from './guesses.ts';
import { policyNamed } from './manage-passwords.ts';

/** Where an account is looked for. */
export interface Account {
  /** Name or id of the domain it lives in; null: the root domain. */
  readonly domain: string | null;
  readonly connection: string;
  readonly username: string;
}

export interface PasswordProof {
  readonly account: Account;
  readonly password: string;
  /** One-time password; looked at where the account has a second factor. */
  readonly otp: string | null;
}

export interface CheckedUser {
  readonly user: User;
  readonly policy: PasswordPolicy;
  /** What is due although the password is right. */
  readonly challenge: Challenge | null;
}

/**
 * Checks a password and counts the failure where it is wrong.
 *
 * @throws {ProblemError} `wrong_credentials`, `too_many_attempts`, `unavailable`
 */
export async function checkPassword(core: Core, proof: PasswordProof, origin: Origin): Promise<CheckedUser> {
  const keys = guessKeysOf(proof.account, origin.address);
  await refuseWhileSlowed(core, keys);
  const user = await findAccount(core, proof.account);
  const policy = await policyNamed(core, user?.passwordPolicy ?? null);
  const usable = user?.allowedAuthMethods.includes('password') ?? false;
  const fits = await core.passwords.verify(usable ? (user?.passwordHash ?? null) : null, proof.password);
  const reason = refusalReason(user, fits, core.clock());
  if (user === null || reason !== null) {
    await recordFailure(core, proof.account, origin, user, policy, reason ?? 'unknown_user');
    throw refuse('wrong_credentials', reason ?? 'unknown_user');
  }
  // Others may have been guessing while this password was hashed.
  await refuseWhileSlowed(core, keys);
  return { user, policy, challenge: challengeOf(user, policy, core.clock()) };
}

/** @throws {ProblemError} `challenge` with what is due */
export function refuseWhileChallenged(checked: CheckedUser): void {
  if (checked.challenge !== null) throw refuse('challenge', checked.challenge);
}

async function findAccount(core: Core, account: Account): Promise<User | null> {
  const domain = await findDomain(core.database, account.domain ?? rootDomainId);
  if (domain === null || !domain.enabled) return null;
  const { connection, username } = account;
  return await findUserByName(core.database, { domainId: domain.id, connection, username });
}

function refusalReason(user: User | null, fits: boolean, nowMs: number): string | null {
  if (user === null) return 'unknown_user';
  if (isLocked(user, nowMs)) return 'account_locked';
  if (suspension(user, nowMs) === 'user_disabled') return 'user_disabled';
  if (!user.allowedAuthMethods.includes('password')) return 'password_sign_in_not_allowed';
  return fits ? null : 'wrong_password';
}

function challengeOf(user: User, policy: PasswordPolicy, nowMs: number): Challenge | null {
  if (suspension(user, nowMs) === 'account_expired') return 'account_expired';
  if (user.passwordChangeRequired) return 'password_change_required';
  return passwordExpired(policy, user.passwordChangedAtMs, nowMs) ? 'password_expired' : null;
}

async function recordFailure(
  core: Core,
  account: Account,
  origin: Origin,
  user: User | null,
  policy: PasswordPolicy,
  reason: string,
): Promise<void> {
  const writes = [
    ...countFailedAttempt(core, guessKeysOf(account, origin.address)),
    audit(core, origin, 'sign_in', { outcome: 'refused', reason, target: user?.id ?? null }),
  ];
  if (user === null || reason !== 'wrong_password' || account.connection !== localConnection) {
    await core.database.write(writes);
    return;
  }
  await changeUser(core.database, user.id, (fresh) => {
    const counted = isLocked(fresh, core.clock()) ? null : countFailure(fresh, policy, core.clock());
    return { user: counted, writes, result: null };
  });
}

/** Whether a user who was proved a moment ago may still come in: others may have locked or disabled the account since. */
export function refuseIfShut(user: User, nowMs: number): void {
  const reason = refusalReason(user, true, nowMs);
  if (reason !== null) throw new ProblemError({ kind: 'wrong_credentials', reason });
}
