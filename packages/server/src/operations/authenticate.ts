/** Proves the caller of a guarded route by their access token, and that its session still stands. @module */
import { TokenError, type VerifiedToken } from '@tessera/token';
import { suspensionOf } from '../domain/holder.ts';
import { rootDomainId, type SessionId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import type { Configuration } from '../store/configuration.ts';
import { configured } from './configured.ts';
import type { Core, Principal } from './core.ts';

/**
 * Signature and claims are remembered per token; the session, the user and their roles are read at every call.
 *
 * @param face the interface asked; tokens of others are no good here
 * @throws {ProblemError} `unauthenticated` for a token that is not good, `session_ended` for one that was
 */
export async function authenticate(core: Core, face: string, accessToken: string): Promise<Principal> {
  const nowMs = core.clock();
  const configuration = await core.database.configuration();
  const { claims } = verify(core, configuration, accessToken, nowMs);
  if (typeof claims.sid !== 'string') throw refuse('unauthenticated', 'no_session_in_token');
  const found = await core.database.findHeldSession(claims.sid as SessionId);
  if (found === null) throw refuse('session_ended', 'unknown_session');
  const { session, holder } = found.held;
  if (session.face !== face) throw refuse('unauthenticated', 'token_of_another_interface');
  if (session.endedAtMs !== null) throw refuse('session_ended', session.endReason ?? 'ended');
  const suspended = suspensionOf(holder, nowMs);
  if (suspended !== null) throw refuse('session_ended', suspended);
  return {
    userId: holder.userId,
    username: holder.username,
    connection: holder.connection,
    homeDomainId: holder.homeDomainId,
    sessionId: session.id,
    domainId: holder.domainId ?? rootDomainId,
    domainName: holder.domainName ?? 'root',
    roles: holder.roles,
    tokenKind: session.tokenKind,
  };
}

function verify(core: Core, configuration: Configuration, accessToken: string, nowMs: number): VerifiedToken {
  try {
    return configured(core, configuration).verifier.verify(accessToken, nowMs / 1000);
  } catch (error) {
    if (error instanceof TokenError) throw refuse('unauthenticated', error.reason);
    throw error;
  }
}
