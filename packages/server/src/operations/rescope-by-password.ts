/** Trades a live access token and its user's password for one of another scope, which is as good as signing in again. @module */

import type { GuessLimits } from '../domain/guessing.ts';
import type { HeldSession } from '../domain/holder.ts';
import { countSignIn } from '../domain/lockout.ts';
import { refuse } from '../domain/problem.ts';
import { reauthenticateSession, type Session } from '../domain/session.ts';
import type { NamedScope } from '../domain/tenancy.ts';
import { findSession, writeReauthentication } from '../store/sessions.ts';
import { changeKnownUser } from '../store/users.ts';
import { audit } from './audit.ts';
import { type CheckedUser, checkPassword, refuseIfShut, refuseWhileChallenged } from './check-password.ts';
import { configured } from './configured.ts';
import type { Core, Origin } from './core.ts';
import { enterScope } from './enter-scope.ts';
import { type Grant, grantOf } from './grant.ts';
import { type PresentedToken, presentToken } from './present-token.ts';
import { requireOpenSession } from './require-open-session.ts';
import { tokenExpired } from './verify-access-token.ts';

export interface PasswordRescope extends PresentedToken {
  readonly origin: Origin;
  readonly password: string;
  readonly otp: string | null;
  readonly guessLimits: GuessLimits;
  readonly scope: NamedScope;
}

/**
 * The user is the token's, whoever else may be named anywhere; a second factor is demanded for all but minimal tokens.
 *
 * @throws {ProblemError} `unauthenticated`, `session_ended`; `wrong_credentials`, `challenge`, `too_many_attempts`;
 *   `forbidden`
 */
export async function rescopeByPassword(core: Core, request: PasswordRescope): Promise<Grant> {
  const token = await presentToken(core, request);
  if (token.age === 'expired') throw tokenExpired('unauthenticated');
  const found = await core.database.findHeldSession(token.sessionId);
  if (found === null) throw refuse('session_ended', 'unknown_session');
  const { held } = found;
  const rules = configured(core, found.configuration);
  requireOpenSession(token, held, rules.policy, core.clock());
  const checked = await proveHolder(core, request, held);
  const holder = await enterScope(core, checked.user.id, request.scope);
  const nowMs = core.clock();
  const { domainId, tenantId } = holder;
  const { address: usedFrom } = request.origin;
  const reauthenticate = (session: Session): Session =>
    reauthenticateSession(session, { domainId, tenantId, amr: checked.amr, usedFrom }, nowMs);
  const changed = await changeKnownUser(core.database, checked.user, async (fresh) => {
    refuseIfShut(fresh, checked.user, nowMs);
    const session = reauthenticate(await stillOpen(core, held));
    const told = audit(core, request.origin, 'sign_in', { actorId: fresh.id, target: session.id });
    const writes = [writeReauthentication(core.database, session), ...checked.forgetting, told];
    return { user: countSignIn(fresh, nowMs), writes, result: session };
  });
  if (changed === null) throw refuse('session_ended', 'unknown_user');
  const { tokenId: parentTokenId } = token;
  return grantOf(core, rules, token.format, { session: changed, holder }, nowMs, { parentTokenId });
}

async function proveHolder(
  core: Core,
  { password, otp, guessLimits, origin }: PasswordRescope,
  { session, holder }: HeldSession,
): Promise<CheckedUser> {
  const account = {
    domain: holder.homeDomainName,
    connection: holder.connection,
    username: holder.username,
  };
  const secondFactor = session.tokenKind === 'minimal' ? 'ignored' : 'demanded';
  const checked = await checkPassword(core, { account, password, otp, secondFactor, guessLimits }, origin);
  // The name may have been given to somebody else since the token was made.
  if (checked.user.id !== session.userId) throw refuse('wrong_credentials', 'another_user');
  refuseWhileChallenged(checked);
  return checked;
}

/** The session as it is written now. @throws {ProblemError} `session_ended` */
async function stillOpen(core: Core, { session: { id } }: HeldSession): Promise<Session> {
  const session = await findSession(core.database, id);
  if (session === null || session.endedAtMs !== null) throw refuse('session_ended', 'ended_meanwhile');
  return session;
}
