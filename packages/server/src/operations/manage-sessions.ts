/** All sessions of a user, whichever interface opened them: seen and ended by the user and by administrators. @module */
import { isUuid, type SessionId, type UserId } from '../domain/ids.ts';
import { absoluteExpiryMs } from '../domain/lifetimes.ts';
import { type ProblemError, refuse } from '../domain/problem.ts';
import { endSession, isExpired, type Session, type SessionPolicy } from '../domain/session.ts';
import { findApiToken, freeNames, namedApiTokens } from '../store/api-tokens.ts';
import type { Write } from '../store/database.ts';
import { endSessionsOfUser, findSession, listUserSessions, type NamedSession } from '../store/sessions.ts';
import { findUser } from '../store/users.ts';
import { audit } from './audit.ts';
import { configured } from './configured.ts';
import type { Caller, Core } from './core.ts';
import { type CredentialKind, credentialKind } from './describe-caller.ts';
import { requireInteractive } from './require-interactive.ts';
import { findSeenUser, maySee } from './see-users.ts';

export interface SeenUserSession {
  readonly session: Session;
  readonly kind: CredentialKind;
  /** What people called it when they made it; null: nothing. */
  readonly label: string | null;
  /** When it ends however much it is used; null: never. */
  readonly expiresAtMs: number | null;
  readonly state: 'live' | 'expired' | 'ended';
  /** Whether it is the one by which the caller was proved. */
  readonly current: boolean;
}

export interface UserSessionQuery {
  /** Id or name; null: the caller's own. */
  readonly user: string | null;
  /** `live`: neither ended nor expired. */
  readonly state: 'live' | 'all';
  /** Id of the last one seen; null: from the newest. */
  readonly after: string | null;
  readonly limit: number;
}

/**
 * Newest first, one more than `limit` where there is one. A program sees its own session alone.
 *
 * @throws {ProblemError} `not_found` for a user who is none of the caller's business
 */
export async function listSessionsOfUser(
  core: Core,
  caller: Caller,
  { user, state, after, limit }: UserSessionQuery,
): Promise<SeenUserSession[]> {
  const { principal } = caller;
  const userId = await userIdOf(core, caller, user);
  const { policy } = configured(core, await core.database.configuration());
  const nowMs = core.clock();
  const rows = await listUserSessions(core.database, {
    userId,
    id: principal.purpose === 'interactive' ? null : principal.sessionId,
    before: after as SessionId | null,
    limit: limit + 1,
    living: state === 'live' ? { atMs: nowMs, limits: policy } : null,
  });
  return rows.map((row) => seen(row, principal.sessionId, policy, nowMs));
}

/**
 * Tokens of the session are refused as soon as this resolves; ending an ended one is fine.
 *
 * @throws {ProblemError} `forbidden` unless the caller has signed in; `not_found`, also for a session that is none of the
 *   caller's business
 */
export async function endOneSession(core: Core, caller: Caller, id: string): Promise<void> {
  requireInteractive(caller);
  const session = isUuid(id) ? await findSession(core.database, id as SessionId) : null;
  const owner = session === null ? null : await findUser(core.database, session.userId);
  if (session === null || owner === null || !(await maySee(core, caller, owner))) throw unknownSession();
  const apiToken = await findApiToken(core.database, session.id);
  await core.database.changeSession(session.id, ({ session: fresh }) => {
    if (fresh.endedAtMs !== null) return { session: null, result: null };
    const writes = [
      ended(core, caller, session.id, apiToken === null ? 'session_ended' : 'api_token_revoked'),
      ...freeNames(core.database, [session.id]),
    ];
    return { session: endSession(fresh, 'revoked', core.clock()), writes, result: null };
  });
}

/**
 * Ends all of a user's sessions but the one by which the caller was proved.
 *
 * @param user id or name; null: the caller
 * @param purpose `interactive`: only those that a sign-in opened
 * @throws {ProblemError} `forbidden` unless the caller has signed in; `not_found`
 */
export async function endOtherSessions(
  core: Core,
  caller: Caller,
  { user, purpose }: { readonly user: string | null; readonly purpose: 'interactive' | 'any' },
): Promise<void> {
  requireInteractive(caller);
  const userId = await userIdOf(core, caller, user);
  const { sessionId } = caller.principal;
  const apiTokens = purpose === 'any' ? await namedApiTokens(core.database, userId) : [];
  const live = apiTokens.filter(({ session }) => session.endedAtMs === null && session.id !== sessionId);
  await core.database.write([
    endSessionsOfUser(core.database, userId, sessionId, purpose, 'revoked', core.clock()),
    ...freeNames(
      core.database,
      live.map(({ session }) => session.id),
    ),
    ...live.map(({ session }) => ended(core, caller, session.id, 'api_token_revoked')),
    ended(core, caller, userId, 'session_ended'),
  ]);
}

async function userIdOf(core: Core, caller: Caller, idOrName: string | null): Promise<UserId> {
  if (idOrName === null) return caller.principal.userId;
  return (await findSeenUser(core, caller, idOrName)).id;
}

function ended(
  core: Core,
  { origin, principal }: Caller,
  target: string,
  action: 'session_ended' | 'api_token_revoked',
): Write {
  return audit(core, origin, action, { reason: 'revoked', actorId: principal.userId, target });
}

function unknownSession(): ProblemError {
  return refuse('not_found', 'unknown_session', 'There is no such session');
}

function seen(
  { session, tokenName }: NamedSession,
  current: SessionId,
  policy: SessionPolicy,
  nowMs: number,
): SeenUserSession {
  const endsAtMs = absoluteExpiryMs(session, policy);
  const living = isExpired(session, policy, nowMs) ? 'expired' : 'live';
  const labels = session.labels.length === 0 ? null : session.labels.join(', ');
  return {
    session,
    kind: credentialKind(session.purpose, tokenName),
    label: tokenName ?? labels,
    expiresAtMs: Number.isFinite(endsAtMs) ? endsAtMs : null,
    state: session.endedAtMs === null ? living : 'ended',
    current: session.id === current,
  };
}
