/** Ends the session of an access token by the token itself: logging out. @module */
import type { HeldSession } from '../domain/holder.ts';
import { refuse } from '../domain/problem.ts';
import { endSession } from '../domain/session.ts';
import type { Configuration } from '../store/configuration.ts';
import { audit } from './audit.ts';
import { configured } from './configured.ts';
import type { Core, Origin } from './core.ts';
import { type PresentedToken, presentToken } from './present-token.ts';
import { requireOpenSession } from './require-open-session.ts';
import { tokenExpired } from './verify-access-token.ts';

/** @throws {ProblemError} `unauthenticated`, `session_ended`; `forbidden` for a minimal token */
export async function closeSession(
  core: Core,
  { origin, ...presented }: PresentedToken & { readonly origin: Origin },
): Promise<void> {
  const token = await presentToken(core, presented);
  if (token.age === 'expired') throw tokenExpired('unauthenticated');
  const nowMs = core.clock();
  const decide = (held: HeldSession, configuration: Configuration) => {
    requireOpenSession(token, held, configured(core, configuration).policy, nowMs);
    const { session } = held;
    if (session.tokenKind === 'minimal') throw refuse('forbidden', 'minimal_token');
    const told = { reason: 'logged_out', actorId: session.userId, target: session.id };
    const writes = [audit(core, origin, 'session_ended', told)];
    return { session: endSession(session, 'logged_out', nowMs), writes, result: 'done' };
  };
  const closed = await core.database.changeSession(token.sessionId, decide, token.scope);
  if (closed === null) throw refuse('session_ended', 'unknown_session');
}
