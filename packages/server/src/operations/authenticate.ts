/** Proves the caller of a guarded route by their access token, and that its session still stands. @module */
import type { HeldSession } from '../domain/holder.ts';
import type { SessionId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import { type AccessUse, noteAccess } from '../domain/session.ts';
import type { AccessTokenFormat } from './access-token.ts';
import { configured } from './configured.ts';
import type { Core, Principal } from './core.ts';
import { requireOpenSession, requireScope } from './require-open-session.ts';
import { tokenExpired, type VerifiedAccessToken, verifyAccessToken } from './verify-access-token.ts';
import { verifyAtFirst } from './verify-at-first.ts';

/**
 * Signature and claims are remembered per token; the session, the user and their roles are read at every call.
 *
 * @param formats of the interface asked; other tokens are no good here
 * @param address where the request came from
 * @throws {ProblemError} `unauthenticated` for a token that is not good, `session_ended` for one that was
 */
export async function authenticate(
  core: Core,
  formats: readonly [AccessTokenFormat, ...AccessTokenFormat[]],
  accessToken: string,
  address: string,
): Promise<Principal> {
  const nowMs = core.clock();
  const { token, configuration } = await verifyAtFirst(core, formats, accessToken, nowMs);
  if (token.age === 'expired') throw tokenExpired('unauthenticated');
  const found = await core.database.findHeldSession(token.sessionId, token.scope);
  if (found === null) throw refuse('session_ended', 'unknown_session');
  // Its key may be gone by now.
  if (found.configuration !== configuration)
    verifyAccessToken(core, found.configuration, formats, accessToken, nowMs);
  requireOpenSession(token, found.held, configured(core, found.configuration).policy, nowMs);
  requireScope(token, found.held);
  const use = useOf(token, address);
  // Nearly always there is nothing to write, and then nothing is waited for.
  if (use !== null && noteAccess(found.held.session, use, nowMs) !== null)
    await recordUse(core, token.sessionId, use, nowMs);
  return principalOf(token, found.held);
}

/** Who a token of a session speaks for. */
function principalOf({ format }: VerifiedAccessToken, { session, holder }: HeldSession): Principal {
  return {
    userId: holder.userId,
    username: holder.username,
    connection: holder.connection,
    homeDomainId: holder.homeDomainId,
    sessionId: session.id,
    purpose: session.purpose,
    face: format.face,
    domainId: holder.domainId,
    domainName: holder.domainName,
    tenantId: holder.tenantId,
    roles: session.tokenKind === 'minimal' ? [] : holder.roles,
    tokenKind: session.tokenKind,
  };
}

/** Null: uses of such tokens are not recorded. */
function useOf({ format, generation }: VerifiedAccessToken, address: string): AccessUse | null {
  const { recordUseEverySeconds: seconds } = format;
  return seconds === null ? null : { generation, address, precisionMs: seconds * 1000 };
}

/** Says when and from where the session was used last, and lets it live on where it lives by being used. */
async function recordUse(core: Core, id: SessionId, use: AccessUse, nowMs: number): Promise<void> {
  await core.database.changeSession(id, ({ session }) => ({
    session: noteAccess(session, use, nowMs),
    result: null,
  }));
}
