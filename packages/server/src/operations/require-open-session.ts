/** Whether the session of a verified access token still stands, and its user with it. @module */
import { type HeldSession, mayEnter, standingFault } from '../domain/holder.ts';
import { refuse } from '../domain/problem.ts';
import { isExpired, isReplaced, type SessionPolicy } from '../domain/session.ts';
import { tokenExpired, type VerifiedAccessToken } from './verify-access-token.ts';

/**
 * @throws {ProblemError} `unauthenticated` for a session of another interface, a token whose pair was replaced, and a session that is past its life where
 *   tokens may not outlive it; `session_ended` when it was ended or its user is suspended
 */
export function requireOpenSession(
  { format, generation }: VerifiedAccessToken,
  { session, holder }: HeldSession,
  policy: SessionPolicy,
  nowMs: number,
): void {
  if (session.face !== format.face) throw refuse('unauthenticated', 'token_of_another_interface');
  if (session.endedAtMs !== null) throw refuse('session_ended', session.endReason ?? 'ended');
  if (generation !== null && isReplaced(session, generation, policy, nowMs))
    throw refuse('unauthenticated', 'access_token_replaced');
  if (format.lifetime.kind !== 'fixed' && isExpired(session, policy, nowMs))
    throw tokenExpired('unauthenticated');
  const fault = standingFault(holder, nowMs);
  if (fault !== null) throw refuse('session_ended', fault);
}

/** Whether the user still has business in the token's scope. @throws {ProblemError} as the format says */
export function requireScope({ format }: VerifiedAccessToken, { holder }: HeldSession): void {
  if (!mayEnter(holder, format.entry)) throw refuse(format.lostScope, 'no_role_in_scope');
}
