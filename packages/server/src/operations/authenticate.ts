/** Proves the caller of a guarded route by their access token, and that its session still stands. @module */
import { type HeldSession, suspensionOf } from '../domain/holder.ts';
import { refuse } from '../domain/problem.ts';
import { isExpired, type Session } from '../domain/session.ts';
import type { Configuration } from '../store/configuration.ts';
import type { AccessTokenFormat } from './access-token.ts';
import { configured } from './configured.ts';
import type { Core, Principal } from './core.ts';
import { tokenExpired, type VerifiedAccessToken, verifyAccessToken } from './verify-access-token.ts';

/**
 * Signature and claims are remembered per token; the session, the user and their roles are read at every call.
 *
 * @param formats of the interface asked; other tokens are no good here
 * @throws {ProblemError} `unauthenticated` for a token that is not good, `session_ended` for one that was
 */
export async function authenticate(
  core: Core,
  formats: readonly [AccessTokenFormat, ...AccessTokenFormat[]],
  accessToken: string,
): Promise<Principal> {
  const nowMs = core.clock();
  const token = verifyAccessToken(core, await core.database.configuration(), formats, accessToken, nowMs);
  if (token.age === 'expired') throw tokenExpired('unauthenticated');
  const found = await core.database.findHeldSession(token.sessionId, token.scope);
  if (found === null) throw refuse('session_ended', 'unknown_session');
  refuseUnlessOpen(core, token, found, nowMs);
  await recordUse(core, token.format, found.held.session, nowMs);
  return principalOf(token, found.held);
}

/** Who a token of a session speaks for. */
export function principalOf({ format }: VerifiedAccessToken, { session, holder }: HeldSession): Principal {
  return {
    userId: holder.userId,
    username: holder.username,
    connection: holder.connection,
    homeDomainId: holder.homeDomainId,
    sessionId: session.id,
    face: format.face,
    domainId: holder.domainId,
    domainName: holder.domainName,
    tenantId: holder.tenantId,
    roles: session.tokenKind === 'minimal' ? [] : holder.roles,
    tokenKind: session.tokenKind,
  };
}

function refuseUnlessOpen(
  core: Core,
  token: VerifiedAccessToken,
  { held, configuration }: { held: HeldSession; configuration: Configuration },
  nowMs: number,
): void {
  const { session, holder } = held;
  const { format } = token;
  if (session.face !== format.face) throw refuse('unauthenticated', 'token_of_another_interface');
  if (session.endedAtMs !== null) throw refuse('session_ended', session.endReason ?? 'ended');
  // A token without an end of its own ends with its session.
  const endsWithSession = token.expiresAtSeconds === null;
  if (endsWithSession && isExpired(session, configured(core, configuration).policy, nowMs))
    throw tokenExpired('unauthenticated');
  const suspended = suspensionOf(holder, format.entry, nowMs);
  if (suspended !== null) throw refuse('session_ended', suspended);
}

/** Lets the session live on, where it lives by being used. */
async function recordUse(
  core: Core,
  { recordUseEverySeconds: seconds }: AccessTokenFormat,
  session: Session,
  nowMs: number,
): Promise<void> {
  const isDue = (usedAtMs: number): boolean => seconds !== null && nowMs - usedAtMs >= seconds * 1000;
  if (!isDue(session.usedAtMs ?? session.issuedAtMs)) return;
  await core.database.changeSession(session.id, ({ session: fresh }) => ({
    session:
      fresh.endedAtMs === null && isDue(fresh.usedAtMs ?? fresh.issuedAtMs)
        ? { ...fresh, usedAtMs: nowMs, refreshedAtMs: nowMs }
        : null,
    result: null,
  }));
}
