/** Replaces a user's recovery codes, and takes the second factor away: by its user, with both proofs, or by an administrator. @module */
import { makeRecoveryCode } from '../crypto/recovery-code.ts';
import type { SessionId, UserId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import { hasSecondFactor, recoveryCodeCount } from '../domain/second-factor.ts';
import type { User } from '../domain/user.ts';
import type { Write } from '../store/database.ts';
import { removeSecondFactor, replaceRecoveryCodes } from '../store/second-factors.ts';
import { endSessionsOfUser } from '../store/sessions.ts';
import { changeUser } from '../store/users.ts';
import { audit } from './audit.ts';
import { refuseIfShut } from './check-password.ts';
import type { Caller, Core } from './core.ts';
import { hashesOf } from './enrol-second-factor.ts';
import { type CallerProof, proveCaller } from './prove-caller.ts';

/**
 * @returns ten new codes, shown this once; the old ones are good for nothing
 * @throws {ProblemError} `forbidden` for a minimal token; `wrong_credentials`, `challenge`; `conflict` without a second factor
 */
export async function renewRecoveryCodes(
  core: Core,
  caller: Caller,
  proof: CallerProof,
): Promise<readonly string[]> {
  const codes = Array.from({ length: recoveryCodeCount }, makeRecoveryCode);
  await changeProved(core, caller, proof, (user) => ({
    user: { ...user, updatedAtMs: core.clock() },
    writes: [
      ...replaceRecoveryCodes(core.database, user.id, hashesOf(user.id, codes)),
      audit(core, caller.origin, 'recovery_codes_made', { actorId: user.id, target: user.id }),
    ],
  }));
  return codes;
}

/**
 * Takes the caller's second factor away and ends their other sessions.
 *
 * @throws {ProblemError} `forbidden` for a minimal token; `wrong_credentials`, `challenge`; `conflict` without a second factor
 */
export async function disableSecondFactor(core: Core, caller: Caller, proof: CallerProof): Promise<void> {
  await changeProved(core, caller, proof, (user) => ({
    user: without(user, core.clock()),
    writes: [
      ...removal(core, user.id, caller.principal.sessionId),
      audit(core, caller.origin, 'second_factor_disabled', { actorId: user.id, target: user.id }),
    ],
  }));
}

/**
 * Takes a user's second factor away, a pending or broken one as well, and ends all their sessions.
 *
 * @param mayReset refuses whoever has no say over this user; asked with the user as they are written
 * @throws {ProblemError} `not_found`, and whatever `mayReset` throws
 */
export async function resetSecondFactor(
  core: Core,
  { principal, origin }: Caller,
  userId: UserId,
  mayReset: (user: User) => Promise<void>,
): Promise<void> {
  const reset = await changeUser(core.database, userId, async (user) => {
    await mayReset(user);
    const told = { actorId: principal.userId, target: userId };
    const writes = [...removal(core, userId, null), audit(core, origin, 'second_factor_reset', told)];
    return { user: without(user, core.clock()), writes, result: 'done' };
  });
  if (reset === null) throw refuse('not_found', 'unknown_user', 'There is no such user.');
}

/** A change of the caller's second factor by password and otp, if nothing they proved has changed meanwhile. */
async function changeProved(
  core: Core,
  caller: Caller,
  proof: CallerProof,
  decide: (user: User) => { readonly user: User; readonly writes: readonly Write[] },
): Promise<void> {
  const { user } = await proveCaller(core, caller, proof, 'demanded');
  const changed = await changeUser(core.database, user.id, (fresh) => {
    refuseIfShut(fresh, user, core.clock());
    if (!hasSecondFactor(fresh)) throw refuse('conflict', 'no_second_factor', 'There is no second factor.');
    return { ...decide(fresh), result: 'done' };
  });
  if (changed === null) throw refuse('session_ended', 'unknown_user');
}

function without(user: User, nowMs: number): User {
  return { ...user, secondFactor: 'none', updatedAtMs: nowMs };
}

function removal(core: Core, userId: UserId, except: SessionId | null): Write[] {
  const nowMs = core.clock();
  return [
    ...removeSecondFactor(core.database, userId),
    endSessionsOfUser(core.database, userId, except, 'interactive', 'second_factor_changed', nowMs),
  ];
}
