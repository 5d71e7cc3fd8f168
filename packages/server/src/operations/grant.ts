/** What a sign-in or a refresh gives. @module */
import type { HeldSession } from '../domain/holder.ts';
import { expiresAtMs } from '../domain/lifetimes.ts';
import type { Session } from '../domain/session.ts';
import { type AccessTokenFormat, mint } from './access-token.ts';
import type { Configured } from './configured.ts';
import type { Core } from './core.ts';

export interface Grant {
  readonly accessToken: string;
  /** Of the access token, seconds. */
  readonly lifetimeSeconds: number;
  readonly session: Session;
  /** The session's newest refresh token; null for a session that has none. */
  readonly refreshToken: string | null;
  /** Whole seconds, rounded down, until the refresh token ends if it is never used again; null: never, or there is none. */
  readonly refreshExpiresInSeconds: number | null;
}

/** @param proved a refresh token of the session that was presented, if one was */
export function grantOf(
  core: Core,
  configured: Configured,
  format: AccessTokenFormat,
  held: HeldSession,
  nowMs: number,
  proved: string | null,
): Grant {
  const { session } = held;
  const endsAtMs =
    session.kind === 'refresh' ? expiresAtMs(session, configured.policy) : Number.POSITIVE_INFINITY;
  return {
    accessToken: mint(core, configured, format, held, nowMs),
    lifetimeSeconds: format.lifetimeSeconds,
    session,
    refreshToken: session.kind === 'refresh' ? core.refreshTokens.write(session, proved) : null,
    refreshExpiresInSeconds: Number.isFinite(endsAtMs) ? Math.floor((endsAtMs - nowMs) / 1000) : null,
  };
}
