/** What a live access token says, if its session still stands. @module */
import type { Claims } from '@tessera/token';
import { refuse } from '../domain/problem.ts';
import { configured } from './configured.ts';
import type { Core } from './core.ts';
import { type PresentedToken, presentToken } from './present-token.ts';
import { requireOpenSession } from './require-open-session.ts';
import { tokenExpired } from './verify-access-token.ts';

/** @throws {ProblemError} `unauthenticated`, `session_ended`; `forbidden` for a token of another format */
export async function inspectToken(core: Core, presented: PresentedToken): Promise<Claims> {
  const token = await presentToken(core, presented);
  if (token.age === 'expired') throw tokenExpired('unauthenticated');
  const found = await core.database.findHeldSession(token.sessionId, token.scope);
  if (found === null) throw refuse('session_ended', 'unknown_session');
  requireOpenSession(token, found.held, configured(core, found.configuration).policy, core.clock());
  return token.claims;
}
