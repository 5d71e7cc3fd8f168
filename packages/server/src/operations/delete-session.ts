/** Ends a session by its id, by hand of its user or an administrator. @module */
import { refuse } from '../domain/problem.ts';
import { endSession } from '../domain/session.ts';
import { audit } from './audit.ts';
import type { Caller, Core } from './core.ts';
import { findVisibleSession } from './list-sessions.ts';

/**
 * The session's tokens of both kinds are refused as soon as this resolves; the record is no longer seen.
 *
 * @throws {ProblemError} `not_found`, also for a session the caller may not see and for one that was deleted before
 */
export async function deleteSession(core: Core, caller: Caller, id: string): Promise<void> {
  const { id: sessionId } = await findVisibleSession(core, caller, id);
  const nowMs = core.clock();
  const deleted = await core.database.changeSession(sessionId, ({ session }) => {
    if (session.endReason === 'deleted') return { session: null, result: 'gone' };
    const ended = { ...endSession(session, 'deleted', nowMs), endReason: 'deleted' as const };
    const told = { reason: 'deleted', actorId: caller.principal.userId, target: sessionId };
    return { session: ended, writes: [audit(core, caller.origin, 'session_ended', told)], result: 'done' };
  });
  if (deleted !== 'done') throw refuse('not_found', 'unknown_session', 'There is no such token.');
}
