/** Proves a user by name and password. Whatever is wrong with them: the same answer after the same work. @module */

import type { AuditAction } from '../domain/audit.ts';
import type { GuessLimits } from '../domain/guessing.ts';
import { rootDomainId } from '../domain/ids.ts';
import { countFailure, isLocked } from '../domain/lockout.ts';
import { type PasswordPolicy, passwordExpired } from '../domain/password-policy.ts';
import { type Challenge, ProblemError, refuse } from '../domain/problem.ts';
import { hasSecondFactor } from '../domain/second-factor.ts';
import { localConnection, suspension, type User } from '../domain/user.ts';
import { findAccount } from '../store/accounts.ts';
import type { Write } from '../store/database.ts';
import { changeUser } from '../store/users.ts';
import { audit } from './audit.ts';
import { checkSecondFactor } from './check-second-factor.ts';
import type { Core, Origin } from './core.ts';
import { clearFailedAttempts, countFailedAttempt, guessKeysOf, refuseWhileSlowed } from './guesses.ts';

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
  /** Whether a second factor, where the account has one, has to be proved as well. */
  readonly secondFactor: 'demanded' | 'ignored';
  readonly guessLimits: GuessLimits;
  /** How a refusal is audited; left out: as a sign-in, with the reason as it is. */
  readonly told?: ToldRefusal;
}

export interface ToldRefusal {
  readonly action: AuditAction;
  readonly reasonOf: (reason: string) => string;
}

interface PolicedUser {
  readonly user: User;
  readonly policy: PasswordPolicy;
}

export interface CheckedUser extends PolicedUser {
  /** How they were proved (RFC 8176). */
  readonly amr: readonly string[];
  /** What a complete sign-in forgets, to be written with it; nothing where a second factor was not asked for. */
  readonly forgetting: readonly Write[];
  /** What is due although they were proved. */
  readonly challenge: Challenge | null;
}

/**
 * Checks a password, then the second factor, and counts the failure where one of them is wrong.
 *
 * @throws {ProblemError} `wrong_credentials`, `too_many_attempts`, `unavailable`; `challenge` when only the second factor
 *   is missing, which counts as nothing
 */
export async function checkPassword(core: Core, proof: PasswordProof, origin: Origin): Promise<CheckedUser> {
  const named = { ...proof.account, domain: proof.account.domain ?? rootDomainId };
  const found = await findAccount(core.database, named);
  // By the domain's name, whatever it was called: else each of its names had guesses of its own.
  const account = { ...proof.account, domain: found?.domainName ?? proof.account.domain };
  const keys = guessKeysOf(account, origin.address);
  await refuseWhileSlowed(core, keys);
  const holder = found?.holder ?? null;
  const usable = holder?.user.allowedAuthMethods.includes('password') ?? false;
  const fits = await core.passwords.verify(
    usable ? (holder?.user.passwordHash ?? null) : null,
    proof.password,
  );
  const reason = refusalReason(holder?.user ?? null, fits, core.clock());
  if (holder === null || reason !== null) {
    await recordFailure(core, { ...proof, account }, origin, holder, reason ?? 'unknown_user');
    throw refuse('wrong_credentials', reason ?? 'unknown_user');
  }
  const { user, policy } = holder;
  // Others may have been guessing while this password was hashed.
  const counters = await refuseWhileSlowed(core, keys);
  const amr = await checkMore(core, { ...proof, account }, origin, holder);
  const isPartial = proof.secondFactor === 'ignored' && hasSecondFactor(user);
  return {
    user,
    policy,
    amr,
    forgetting: isPartial ? [] : clearFailedAttempts(core, keys, counters),
    challenge: challengeOf(user, policy, core.clock()),
  };
}

/** Gives all the methods that proved the user. */
async function checkMore(
  core: Core,
  proof: PasswordProof,
  origin: Origin,
  holder: PolicedUser,
): Promise<readonly string[]> {
  const { user } = holder;
  if (proof.secondFactor === 'ignored' || !hasSecondFactor(user)) return ['pwd'];
  try {
    return ['pwd', await checkSecondFactor(core, user, proof.otp, origin)];
  } catch (error) {
    if (error instanceof ProblemError && error.problem.kind === 'wrong_credentials')
      await recordFailure(core, proof, origin, holder, error.problem.reason);
    throw error;
  }
}

/** @throws {ProblemError} `challenge` with what is due */
export function refuseWhileChallenged(checked: CheckedUser): void {
  if (checked.challenge !== null) throw refuse('challenge', checked.challenge);
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

const signInTold: ToldRefusal = { action: 'sign_in', reasonOf: (reason) => reason };

/** What counts towards an account's own lockout. */
const guessed: ReadonlySet<string> = new Set(['wrong_password', 'wrong_otp', 'spent_otp']);

async function recordFailure(
  core: Core,
  { account, guessLimits, told = signInTold }: Pick<PasswordProof, 'account' | 'guessLimits' | 'told'>,
  origin: Origin,
  holder: PolicedUser | null,
  reason: string,
): Promise<void> {
  const writes = [
    ...countFailedAttempt(core, guessKeysOf(account, origin.address), guessLimits),
    audit(core, origin, told.action, {
      outcome: 'refused',
      reason: told.reasonOf(reason),
      target: holder?.user.id ?? null,
    }),
  ];
  if (holder === null || !guessed.has(reason) || account.connection !== localConnection) {
    await core.database.write(writes);
    return;
  }
  const { user, policy } = holder;
  await changeUser(core.database, user.id, (fresh) => {
    const counted = isLocked(fresh, core.clock()) ? null : countFailure(fresh, policy, core.clock());
    return { user: counted, writes, result: null };
  });
}

/**
 * Whether a user who was proved a moment ago may still come in: others may have locked or disabled the account since, or
 * changed what proved them, which ended the sessions there were.
 *
 * @throws {ProblemError} `wrong_credentials`
 */
export function refuseIfShut(fresh: User, proved: User, nowMs: number): void {
  const isProved = fresh.passwordHash === proved.passwordHash && fresh.secondFactor === proved.secondFactor;
  const reason = refusalReason(fresh, true, nowMs) ?? (isProved ? null : 'credentials_just_changed');
  if (reason !== null) throw refuse('wrong_credentials', reason);
}
