/** Proves a second factor, and uses up what proved it: in every version, for every purpose, only once. @module */
import { looksLikeOtp, stepOfOtp } from '../crypto/one-time-password.ts';
import { hashRecoveryCode } from '../crypto/recovery-code.ts';
import type { UserId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import { type SecondFactor, type SecondFactorMethod, stepsAround } from '../domain/second-factor.ts';
import type { User } from '../domain/user.ts';
import { type Write, WriteConflict } from '../store/database.ts';
import { findSecondFactor, spendRecoveryCode, spendStep } from '../store/second-factors.ts';
import { audit } from './audit.ts';
import type { Core, Origin } from './core.ts';

/**
 * For a user whose password was right and whose `secondFactor` is active. What is spent stays spent, whatever becomes of
 * the request.
 *
 * @param otp six digits, or a recovery code
 * @throws {ProblemError} `challenge` (`otp_required`) when there is none; `wrong_credentials` for all else, for the
 *   caller to count like a wrong password: `wrong_otp`, `spent_otp`, `second_factor_unreadable`
 */
export async function checkSecondFactor(
  core: Core,
  user: Pick<User, 'id'>,
  otp: string | null,
  origin: Origin,
): Promise<SecondFactorMethod> {
  if (otp === null || otp === '') throw refuse('challenge', 'otp_required');
  const factor = await findSecondFactor(core.database, user.id);
  if (factor === null || factor.state !== 'active') throw unreadable(core, user.id);
  const secret = openSecret(core, factor);
  if (!looksLikeOtp(otp)) return await useRecoveryCode(core, user.id, otp, origin);
  const step = stepOfOtp(secret, stepsAround(core.clock()), otp);
  if (step === null) throw refuse('wrong_credentials', 'wrong_otp');
  await spend(core, [spendStep(core.database, factor, step)], 'spent_otp');
  return 'otp';
}

async function useRecoveryCode(
  core: Core,
  userId: UserId,
  text: string,
  origin: Origin,
): Promise<SecondFactorMethod> {
  const hash = hashRecoveryCode(userId, text);
  if (hash === null) throw refuse('wrong_credentials', 'wrong_otp');
  const told = audit(core, origin, 'recovery_code_used', { actorId: userId, target: userId });
  await spend(core, [spendRecoveryCode(core.database, userId, hash), told], 'wrong_otp');
  return 'recovery';
}

async function spend(core: Core, writes: readonly Write[], reason: string): Promise<void> {
  try {
    await core.database.write(writes);
  } catch (error) {
    if (error instanceof WriteConflict) throw refuse('wrong_credentials', reason);
    throw error;
  }
}

/** The TOTP secret in base32. @throws {ProblemError} `wrong_credentials`: a factor that cannot be read never counts as none */
export function openSecret(core: Core, { userId, sealedSecret }: SecondFactor): string {
  try {
    return core.sealer.open(sealedSecret, secretLabel(userId));
  } catch {
    throw unreadable(core, userId);
  }
}

/** What a user's secret is sealed for: it opens for nobody else. */
export function secretLabel(userId: UserId): string {
  return `second factor ${userId}`;
}

function unreadable(core: Core, userId: UserId): Error {
  core.log('error', 'a second factor is missing or cannot be read; an administrator has to reset it', {
    userId,
  });
  return refuse('wrong_credentials', 'second_factor_unreadable');
}
