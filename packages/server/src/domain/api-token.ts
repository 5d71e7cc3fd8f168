/** Named tokens for programs: what a name may be, how long one may live, and what state it is in. @module */
import { ProblemError } from './problem.ts';
import { isExpired, type Session, type SessionPolicy } from './session.ts';

/** What an operator may set. */
export interface ApiTokenRules {
  /** Largest validity that may be asked for. */
  readonly maximumValidityDays: number;
  /** Live ones of one user. */
  readonly maximumLive: number;
  /** A refresh token that is not used for so long is dead; null: no such limit. */
  readonly refreshIdleSeconds: number | null;
}

export type ApiTokenState = 'live' | 'expired' | 'revoked' | 'reused' | 'suspended';

const daySeconds = 86_400;
const longestName = 100;

/**
 * The name as it is kept: trimmed and composed (NFC), so that what looks alike is the same.
 *
 * @throws {ProblemError} `invalid_value` for `name`
 */
export function apiTokenName(written: string): string {
  const name = written.normalize('NFC').trim();
  const length = [...name].length;
  if (!/[^\p{Cf}\p{Z}\p{Cc}]/u.test(name)) throw wrong('name', 'needs at least one visible character.');
  if (length > longestName) throw wrong('name', `may have at most ${longestName} characters.`);
  if (/[\p{Cc}\p{Cs}]/u.test(name))
    throw wrong('name', 'may hold no control characters and no half characters.');
  return name;
}

/**
 * Refuses a validity that is more than may be asked for; it is never shortened unsaid.
 *
 * @throws {ProblemError} `invalid_value` for `validityDays`
 */
export function checkValidity(
  days: number | null,
  { maximumValidityDays }: ApiTokenRules,
  { maximumRefreshSeconds }: SessionPolicy,
): void {
  if (days === null) return;
  const capDays = Math.floor((maximumRefreshSeconds ?? Number.POSITIVE_INFINITY) / daySeconds);
  const most = Math.min(maximumValidityDays, capDays);
  if (days >= 1 && days <= most) return;
  const what =
    most < 1 ? 'must be left out: tokens live less than a day here.' : `must be from 1 to ${most}.`;
  throw wrong('validityDays', what);
}

/** How long the session of a token of this validity may live. */
export function apiTokenLifetimes(
  days: number | null,
  { refreshIdleSeconds }: ApiTokenRules,
): Session['lifetimes'] {
  return { absoluteSeconds: days === null ? null : days * daySeconds, idleSeconds: refreshIdleSeconds };
}

/** Whether the token may be used now, as far as its own session decides. */
export function isLive(session: Session, policy: SessionPolicy, nowMs: number): boolean {
  return session.endedAtMs === null && !isExpired(session, policy, nowMs);
}

/** @param owner whether its user's sessions work now */
export function apiTokenState(
  session: Session,
  policy: SessionPolicy,
  owner: 'standing' | 'suspended',
  nowMs: number,
): ApiTokenState {
  switch (session.endReason) {
    case null:
      if (isExpired(session, policy, nowMs)) return 'expired';
      return owner === 'suspended' ? 'suspended' : 'live';
    case 'expired':
      return 'expired';
    case 'refresh_token_reused':
      return 'reused';
    default:
      return 'revoked';
  }
}

function wrong(field: string, message: string): ProblemError {
  return new ProblemError({ kind: 'invalid_value', reason: 'invalid_field', field, message });
}
