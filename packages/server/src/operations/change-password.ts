/** A user's own change of password, proved by the old one; so is a change that was forced. @module */
import type { SessionId } from '../domain/ids.ts';
import { passwordTooYoung } from '../domain/password-policy.ts';
import { refuse } from '../domain/problem.ts';
import { endSessionsOfUser } from '../store/sessions.ts';
import { changeUser } from '../store/users.ts';
import { audit } from './audit.ts';
import { checkPassword, type PasswordProof, refuseIfShut } from './check-password.ts';
import type { Caller, Core, Origin } from './core.ts';
import { invalidValue } from './manage-fields.ts';
import { replacePassword } from './manage-passwords.ts';
import { requireStandardToken } from './manage-rights.ts';
import { type CallerProof, proofOf } from './prove-caller.ts';

export interface PasswordChange extends PasswordProof {
  readonly origin: Origin;
  readonly newPassword: string;
  readonly ending: EndedSessions;
}

/** Which of the user's sessions a change of password ends. */
export interface EndedSessions {
  /** `interactive`: those that a sign-in opened; `any`: those that were handed to programs as well. */
  readonly purpose: 'interactive' | 'any';
  /** The session that stays open when the others end; null: none does. */
  readonly except: SessionId | null;
}

/**
 * Ends the user's sessions as told.
 *
 * @throws {ProblemError} `wrong_credentials`; `invalid_value` for `newPassword`; `challenge` for an account that expired
 */
export async function changePassword(
  core: Core,
  { origin, newPassword, ending, ...proof }: PasswordChange,
): Promise<void> {
  const { user, policy, challenge } = await checkPassword(core, proof, origin);
  if (challenge === 'account_expired') throw refuse('challenge', challenge);
  if (challenge === null && passwordTooYoung(policy, user.passwordChangedAtMs, core.clock())) {
    throw invalidValue(
      'newPassword',
      `may be changed again ${policy.changeMinDays} day(s) after the last change.`,
    );
  }
  const replaced = await replacePassword(core, user, policy, newPassword, 'newPassword');
  const nowMs = core.clock();
  const changed = await changeUser(core.database, user.id, (fresh) => {
    // Of two changes at once, the second was proved by a password that is no longer right.
    refuseIfShut(fresh, user, nowMs);
    const { passwordHash, passwordChangedAtMs } = replaced.user;
    const writes = [
      ...replaced.writes,
      endSessionsOfUser(core.database, user.id, ending.except, ending.purpose, 'password_changed', nowMs),
      audit(core, origin, 'password_changed', { actorId: user.id, target: user.id }),
    ];
    const next = {
      ...fresh,
      passwordHash,
      passwordChangedAtMs,
      passwordChangeRequired: false,
      updatedAtMs: nowMs,
    };
    return { user: next, writes, result: 'done' };
  });
  if (changed === null) throw refuse('wrong_credentials', 'unknown_user');
}

/**
 * The same for the holder of an access token.
 *
 * @throws {ProblemError} as {@link changePassword}; `forbidden` for a minimal token
 */
export async function changeOwnPassword(
  core: Core,
  caller: Caller,
  { newPassword, ending, ...proof }: CallerProof & Pick<PasswordChange, 'newPassword' | 'ending'>,
): Promise<void> {
  requireStandardToken(caller);
  const proved = await proofOf(core, caller, proof, 'demanded');
  await changePassword(core, { ...proved, origin: caller.origin, newPassword, ending });
}
