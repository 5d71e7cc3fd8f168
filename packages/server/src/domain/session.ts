/**
 * The one record behind everything that may mint access tokens, and every decision about it.
 *
 * A session's newest refresh token is numbered by its generation. The token's text is not here: it is derived (see
 * `crypto/refresh-token.ts`), so an older generation proves itself ours and stale, and a lost answer can be given again.
 * @module
 */
import type { DomainId, SessionId, TenantId, UserId } from './ids.ts';
import { type Ages, expiresAtMs, grantLifetimes, type LifetimeLimits, type Rotation } from './lifetimes.ts';

/** `refresh`: has a refresh token and is listed; `access`: lives only as long as its one access token. */
export type SessionKind = 'refresh' | 'access';

/** Opened by somebody signing in, or made to be handed to an application. Decides what a change of password ends. */
export type SessionPurpose = 'interactive' | 'application';

/** What is settled when a session is opened. */
export interface SessionTerms {
  readonly id: SessionId;
  readonly userId: UserId;
  /** The interface that opened it; its tokens of both kinds work only there. */
  readonly face: string;
  readonly kind: SessionKind;
  readonly purpose: SessionPurpose;
  readonly tokenKind: 'standard' | 'minimal';
  readonly rotation: Rotation;
  /** Which MAC key proves its tokens; fixed, so that a token's text never changes. */
  readonly macKey: number;
  /** 16 random bytes, base64url. */
  readonly salt: string;
  readonly labels: readonly string[];
  readonly createdAtMs: number;
  /** Address the sign-in came from. */
  readonly createdFrom: string;
  /** What the program that signed in calls itself, as far as it said; null: it did not. */
  readonly client: string | null;
}

/** The one record. What is not in its terms changes as it is used; the store writes no more than that. */
export interface Session extends SessionTerms, Ages {
  /** The scope last minted for. */
  readonly domainId: DomainId | null;
  readonly tenantId: TenantId | null;
  /** How its user was proved the last time (RFC 8176): `pwd`, `otp`, `recovery`. */
  readonly amr: readonly string[];
  /** Number of the newest refresh token, from 1. */
  readonly generation: number;
  /** When it was last used or renewed; null: never. */
  readonly refreshedAtMs: number | null;
  /** Address of that use; null: never used, or not known. */
  readonly usedFrom: string | null;
  readonly endedAtMs: number | null;
  readonly endReason: EndReason | null;
}

export type EndReason =
  | 'revoked'
  | 'expired'
  | 'deleted'
  | 'logged_out'
  | 'moved_to_another_domain'
  | 'refresh_token_reused'
  | 'password_changed'
  | 'second_factor_changed'
  | 'user_disabled'
  | 'restored_from_backup';

/** Rules of renewal and the installation's limits, as they are at the moment of the decision. */
export interface SessionPolicy extends LifetimeLimits {
  /** How long a spent token is given its successor again, whatever has happened since. */
  readonly renewalGraceSeconds: number;
  /** How long it is given again while the successor was never used. */
  readonly lostAnswerSeconds: number;
}

/** Why a refresh token opens nothing. */
export type RefreshRefusal =
  | 'session_ended'
  | 'refresh_token_expired'
  | 'refresh_token_reused'
  | 'refresh_token_ahead';

/** What a presented refresh token leads to. `session` null: nothing to write. */
export type RefreshDecision =
  | { readonly outcome: 'granted'; readonly session: Session; readonly write: 'yes' | 'no' }
  | {
      readonly outcome: 'refused';
      readonly reason: RefreshRefusal;
      readonly session: Session;
      readonly write: 'yes' | 'no';
    };

/** Uses closer together than this are not written one by one: the first where an idle limit counts from them, else the second. */
const usePrecisionMs = { counted: 1_000, shown: 15_000 };

/** Whether the session's newest refresh token is past its life. */
export function isExpired(session: Session, policy: LifetimeLimits, nowMs: number): boolean {
  return nowMs >= expiresAtMs(session, policy);
}

/** A complete sign-in to a session that lives: the newest refresh token stays as it is and lives on. */
export function reauthenticateSession(
  session: Session,
  proved: Pick<Session, 'domainId' | 'tenantId' | 'amr' | 'usedFrom'>,
  nowMs: number,
): Session {
  return { ...session, ...proved, authenticatedAtMs: nowMs, usedAtMs: nowMs, refreshedAtMs: nowMs };
}

/** The session, ended; ending an ended one changes nothing. */
export function endSession(session: Session, reason: EndReason, nowMs: number): Session {
  return session.endedAtMs === null ? { ...session, endedAtMs: nowMs, endReason: reason } : session;
}

/** The session with no more life than may be granted now: lifting a maximum later does not give it back. */
export function grantSession(session: Session, limits: LifetimeLimits): Session {
  if (session.kind !== 'refresh') return session;
  return { ...session, lifetimes: grantLifetimes(session.lifetimes, limits) };
}

/**
 * Uses a refresh token for an access token without renewing it.
 *
 * @param generation of a token already proved to be this session's
 * @see RFC 9700 §4.14.2
 */
export function useSession(
  session: Session,
  generation: number,
  policy: SessionPolicy,
  nowMs: number,
): RefreshDecision {
  const refused = refusal(session, generation, policy, nowMs);
  if (refused !== null) return refused;
  const spent = generation < session.generation;
  const precisionMs = session.lifetimes.idleSeconds === null ? usePrecisionMs.shown : usePrecisionMs.counted;
  const recent = session.usedAtMs !== null && nowMs - session.usedAtMs < precisionMs;
  if (spent || recent) return { outcome: 'granted', session, write: 'no' };
  return { outcome: 'granted', session: { ...session, usedAtMs: nowMs, refreshedAtMs: nowMs }, write: 'yes' };
}

/**
 * Moves a session to its next refresh token, or gives the one already made again to whoever did not receive it.
 *
 * Two promises hold for every order of calls: no two different successors of one token ever exist, and whoever only
 * lost an answer is not logged out.
 *
 * @param generation of a token already proved to be this session's
 * @see RFC 9700 §4.14.2
 */
export function renewSession(
  session: Session,
  generation: number,
  policy: SessionPolicy,
  nowMs: number,
): RefreshDecision {
  const refused = refusal(session, generation, policy, nowMs);
  if (refused !== null) return refused;
  if (generation < session.generation) return { outcome: 'granted', session, write: 'no' };
  const renewed = {
    ...grantSession(session, policy),
    generation: session.generation + 1,
    issuedAtMs: nowMs,
    usedAtMs: null,
    refreshedAtMs: nowMs,
  };
  return { outcome: 'granted', session: renewed, write: 'yes' };
}

/** A use of an access token. */
export interface AccessUse {
  /** Generation of the token's pair; null: it is of no pair. */
  readonly generation: number | null;
  readonly address: string;
  /** Uses closer together than this are not written one by one. */
  readonly precisionMs: number;
}

/**
 * Notes that an access token was used; null: nothing that is worth a write.
 *
 * The first use of a pair is noted at once, as it tells that the pair has arrived; a replaced pair's uses tell nothing.
 */
export function noteAccess(session: Session, use: AccessUse, nowMs: number): Session | null {
  const { generation, address, precisionMs } = use;
  if (session.endedAtMs !== null || (generation !== null && generation !== session.generation)) return null;
  const isFirstOfPair = generation !== null && session.usedAtMs === null;
  const isDue = nowMs - (session.usedAtMs ?? session.issuedAtMs) >= precisionMs;
  if (!isFirstOfPair && !isDue) return null;
  return { ...session, usedAtMs: nowMs, refreshedAtMs: nowMs, usedFrom: address };
}

/** Whether an access token's pair has been replaced by one that is known to have arrived, or by more than one. */
export function isReplaced(
  session: Session,
  generation: number,
  { renewalGraceSeconds }: SessionPolicy,
  nowMs: number,
): boolean {
  if (generation >= session.generation) return false;
  if (generation < session.generation - 1) return true;
  return session.usedAtMs !== null && nowMs >= session.issuedAtMs + renewalGraceSeconds * 1000;
}

function refusal(
  session: Session,
  generation: number,
  policy: SessionPolicy,
  nowMs: number,
): RefreshDecision | null {
  if (session.endedAtMs !== null)
    return { outcome: 'refused', reason: 'session_ended', session, write: 'no' };
  if (isExpired(session, policy, nowMs))
    return { outcome: 'refused', reason: 'refresh_token_expired', session, write: 'no' };
  if (generation === session.generation) return null;
  if (generation > session.generation) {
    const ended = endSession(session, 'restored_from_backup', nowMs);
    return { outcome: 'refused', reason: 'refresh_token_ahead', session: ended, write: 'yes' };
  }
  if (mayBeGivenAgain(session, generation, policy, nowMs)) return null;
  const ended = endSession(session, 'refresh_token_reused', nowMs);
  return { outcome: 'refused', reason: 'refresh_token_reused', session: ended, write: 'yes' };
}

function mayBeGivenAgain(
  session: Session,
  generation: number,
  policy: SessionPolicy,
  nowMs: number,
): boolean {
  if (generation !== session.generation - 1) return false;
  const sinceMs = nowMs - session.issuedAtMs;
  if (sinceMs < policy.renewalGraceSeconds * 1000) return true;
  return session.usedAtMs === null && sinceMs < policy.lostAnswerSeconds * 1000;
}
