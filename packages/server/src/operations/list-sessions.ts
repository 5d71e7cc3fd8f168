/** Sessions as their users and administrators see them: everything but the tokens. @module */
import { rootDomainId, type SessionId } from '../domain/ids.ts';
import { absoluteExpiryMs } from '../domain/lifetimes.ts';
import { refuse } from '../domain/problem.ts';
import { isExpired, type Session } from '../domain/session.ts';
import { systemRoles } from '../domain/tenancy.ts';
import type { Page } from '../store/page.ts';
import { findSession, listSessions as findSessions, type SessionFilter } from '../store/sessions.ts';
import { findUser } from '../store/users.ts';
import { configured } from './configured.ts';
import type { Caller, Core, Principal } from './core.ts';

export interface SeenSession {
  readonly session: Session;
  readonly connection: string;
  readonly username: string;
  /** When it ends however much it is used; null: never. */
  readonly expiresAtMs: number | null;
  readonly state: 'live' | 'expired' | 'ended';
}

export type SessionQuery = Pick<
  SessionFilter,
  'userId' | 'labels' | 'ended' | 'expired' | 'notRefreshedSinceMs' | 'skip' | 'limit'
>;

/** The caller's own sessions; all of the token's domain for its administrators, all there are for those of root. */
export async function listSessions(
  core: Core,
  { principal }: Caller,
  query: SessionQuery,
): Promise<Page<SeenSession>> {
  const { policy } = configured(core, await core.database.configuration());
  const nowMs = core.clock();
  const sight = sightOf(principal);
  if (sight.userId !== null && query.userId !== null && query.userId !== sight.userId)
    return { rows: [], total: 0 };
  const page = await findSessions(core.database, {
    ...query,
    userId: sight.userId ?? query.userId,
    domainId: sight.domainId,
    nowMs,
    limits: policy,
  });
  const rows = page.rows.map(({ session, username, connection }) => {
    return { ...seen(session, policy, nowMs), username, connection };
  });
  return { rows, total: page.total };
}

/** @throws {ProblemError} `not_found`, also for a session the caller may not see */
export async function getSession(core: Core, caller: Caller, id: string): Promise<SeenSession> {
  const session = await findVisibleSession(core, caller, id);
  const user = await findUser(core.database, session.userId);
  if (user === null) throw refuse('not_found', 'unknown_session', sessionNotFound);
  const { policy } = configured(core, await core.database.configuration());
  return { ...seen(session, policy, core.clock()), username: user.username, connection: user.connection };
}

const sessionNotFound = 'There is no such token.';

/** The session, if it is one that has refresh tokens, was not deleted, and the caller may see it. */
export async function findVisibleSession(core: Core, { principal }: Caller, id: string): Promise<Session> {
  const session = await findSession(core.database, id.toLowerCase() as SessionId);
  const sight = sightOf(principal);
  const visible =
    session !== null &&
    session.kind === 'refresh' &&
    session.endReason !== 'deleted' &&
    (sight.userId === null || sight.userId === session.userId) &&
    (sight.domainId === null || sight.domainId === session.domainId);
  if (!visible) throw refuse('not_found', 'unknown_session', sessionNotFound);
  return session;
}

/** What a caller sees: null means all. */
function sightOf(principal: Principal): Pick<SessionFilter, 'userId' | 'domainId'> {
  const { userId, domainId, roles } = principal;
  if (domainId === null || !roles.includes(systemRoles.administrator)) return { userId, domainId: null };
  return { userId: null, domainId: domainId === rootDomainId ? null : domainId };
}

function seen(
  session: Session,
  policy: Parameters<typeof isExpired>[1],
  nowMs: number,
): Pick<SeenSession, 'session' | 'expiresAtMs' | 'state'> {
  const endsAtMs = absoluteExpiryMs(session, policy);
  const live = isExpired(session, policy, nowMs) ? 'expired' : 'live';
  return {
    session,
    expiresAtMs: Number.isFinite(endsAtMs) ? endsAtMs : null,
    state: session.endedAtMs === null ? live : 'ended',
  };
}
