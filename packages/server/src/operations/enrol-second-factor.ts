/** Gives a user a second factor: a secret first, which counts for nothing until a code has proved that it arrived. @module */
import { looksLikeOtp, makeOtpSecret, otpUri, stepOfOtp } from '../crypto/one-time-password.ts';
import { hashRecoveryCode, makeRecoveryCode } from '../crypto/recovery-code.ts';
import type { GuessLimits } from '../domain/guessing.ts';
import type { UserId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import {
  hasSecondFactor,
  recoveryCodeCount,
  type SecondFactor,
  stepsAround,
} from '../domain/second-factor.ts';
import type { User } from '../domain/user.ts';
import type { Write } from '../store/database.ts';
import {
  activateFactor,
  countRecoveryCodes,
  findSecondFactor,
  insertPendingFactor,
  replaceRecoveryCodes,
} from '../store/second-factors.ts';
import { endSessionsOfUser } from '../store/sessions.ts';
import { changeUser, findUser } from '../store/users.ts';
import { audit } from './audit.ts';
import { refuseIfShut } from './check-password.ts';
import { openSecret, secretLabel } from './check-second-factor.ts';
import type { Caller, Core } from './core.ts';
import { countFailedAttempt, guessKeysOf, refuseWhileSlowed } from './guesses.ts';
import { requireStandardToken } from './manage-rights.ts';
import { type CallerProof, proofOf, proveCaller } from './prove-caller.ts';

/** What may be told of a second factor: never its secret. */
export interface SeenSecondFactor {
  readonly state: 'none' | 'active';
  readonly recoveryCodesLeft: number;
}

/** @throws {ProblemError} `session_ended` when the user is gone */
export async function secondFactorOf(core: Core, { principal }: Caller): Promise<SeenSecondFactor> {
  const user = await findUser(core.database, principal.userId);
  if (user === null) throw refuse('session_ended', 'unknown_user');
  const recoveryCodesLeft = await countRecoveryCodes(core.database, user.id);
  return { state: user.secondFactor, recoveryCodesLeft };
}

/** Shown once: neither can be read again. */
export interface Enrolment {
  /** Base32, for typing into an app. */
  readonly secret: string;
  /** For a QR code; contains the secret. */
  readonly otpauthUri: string;
}

/**
 * Makes a secret for the caller, in place of one that was never proved.
 *
 * @throws {ProblemError} `forbidden` for a minimal token; `wrong_credentials`; `conflict` when a second factor is active
 */
export async function enrolSecondFactor(core: Core, caller: Caller, proof: CallerProof): Promise<Enrolment> {
  const { user } = await proveCaller(core, caller, proof, 'ignored');
  const secret = makeOtpSecret();
  const nowMs = core.clock();
  const sealedSecret = core.sealer.seal(secret, secretLabel(user.id));
  const factor: SecondFactor = {
    userId: user.id,
    state: 'pending',
    sealedSecret,
    lastStep: 0,
    createdAtMs: nowMs,
  };
  const enrolled = await changeUser(core.database, user.id, (fresh) => {
    refuseIfShut(fresh, user, nowMs);
    if (hasSecondFactor(fresh)) throw alreadyActive();
    const told = { actorId: user.id, target: user.id };
    const writes = [
      insertPendingFactor(core.database, factor),
      audit(core, caller.origin, 'second_factor_enrolled', told),
    ];
    return { user: { ...fresh, updatedAtMs: nowMs }, writes, result: 'done' };
  });
  if (enrolled === null) throw refuse('session_ended', 'unknown_user');
  const label = `${user.username}@${caller.principal.domainName ?? 'tessera'}`;
  return { secret, otpauthUri: otpUri(secret, { issuer: issuerName(core), label }) };
}

/** What an app shows above the codes: the server's host. */
function issuerName({ issuer }: Core): string {
  return URL.canParse(issuer) ? new URL(issuer).hostname || issuer : issuer;
}

/**
 * Makes the caller's pending secret the second factor, proved by its first code, which is spent by it. Ends the user's
 * other sessions: they were opened without one.
 *
 * @returns the recovery codes, shown this once
 * @throws {ProblemError} `forbidden` for a minimal token; `conflict` when there is nothing pending; `wrong_credentials`
 *   for a wrong code, counted like a wrong password
 */
export async function activateSecondFactor(
  core: Core,
  caller: Caller,
  { otp, guessLimits }: { readonly otp: string; readonly guessLimits: GuessLimits },
): Promise<readonly string[]> {
  requireStandardToken(caller);
  const { userId } = caller.principal;
  const { account } = await proofOf(core, caller, { password: '', otp, guessLimits }, 'ignored');
  const keys = guessKeysOf(account, caller.origin.address);
  await refuseWhileSlowed(core, keys);
  const codes = Array.from({ length: recoveryCodeCount }, makeRecoveryCode);
  const result = await changeUser(core.database, userId, async (fresh) => {
    if (hasSecondFactor(fresh)) throw alreadyActive();
    const factor = await findSecondFactor(core.database, userId);
    if (factor?.state !== 'pending')
      throw refuse('conflict', 'no_pending_factor', 'Nothing is waiting for a code.');
    const step = firstStep(core, factor, otp);
    if (step === null) return { user: null, result: 'wrong_code' as const };
    const writes = activation(core, caller, factor, step, codes);
    return { user: activated(fresh, core.clock()), writes, result: 'done' as const };
  });
  if (result === null) throw refuse('session_ended', 'unknown_user');
  if (result === 'done') return codes;
  const told = { outcome: 'refused', reason: 'wrong_otp', actorId: userId, target: userId } as const;
  await core.database.write([
    ...countFailedAttempt(core, keys, guessLimits),
    audit(core, caller.origin, 'second_factor_enabled', told),
  ]);
  throw refuse('wrong_credentials', 'wrong_otp');
}

function firstStep(core: Core, factor: SecondFactor, otp: string): number | null {
  if (!looksLikeOtp(otp)) return null;
  return stepOfOtp(openSecret(core, factor), stepsAround(core.clock()), otp);
}

function activated(user: User, nowMs: number): User {
  return { ...user, secondFactor: 'active', updatedAtMs: nowMs };
}

function activation(
  core: Core,
  { principal, origin }: Caller,
  factor: SecondFactor,
  step: number,
  codes: readonly string[],
): Write[] {
  const { userId, sessionId } = principal;
  return [
    activateFactor(core.database, factor, step),
    ...replaceRecoveryCodes(core.database, userId, hashesOf(userId, codes)),
    endSessionsOfUser(core.database, userId, sessionId, 'interactive', 'second_factor_changed', core.clock()),
    audit(core, origin, 'second_factor_enabled', { actorId: userId, target: userId }),
  ];
}

export function hashesOf(userId: UserId, codes: readonly string[]): string[] {
  return codes.flatMap((code) => hashRecoveryCode(userId, code) ?? []);
}

function alreadyActive(): Error {
  return refuse('conflict', 'second_factor_active', 'A second factor is active already.');
}
