/** What a sign-in or a refresh gives. @module */
import type { HeldSession, Holder } from '../domain/holder.ts';
import { expiresAtMs } from '../domain/lifetimes.ts';
import type { Session } from '../domain/session.ts';
import {
  type AccessToken,
  type AccessTokenFormat,
  endOfToken,
  mint,
  type TokenOccasion,
} from './access-token.ts';
import type { Configured } from './configured.ts';
import type { Core } from './core.ts';

export interface Grant {
  readonly accessToken: AccessToken;
  /** As of which instant everything here is. */
  readonly atMs: number;
  readonly session: Session;
  readonly holder: Holder;
  /** The session's newest refresh token; null for a session that has none. */
  readonly refreshToken: string | null;
  /** When the refresh token ends if it is never used again; null: never, or there is none. */
  readonly refreshExpiresAtMs: number | null;
  /** The same as whole seconds from now, rounded down. */
  readonly refreshExpiresInSeconds: number | null;
}

/** What is particular about one grant; what is left out is as the session has it. */
export interface GrantOccasion extends Partial<TokenOccasion> {
  /** A refresh token of the session that was just proved. */
  readonly provedRefreshToken?: string;
}

export function grantOf(
  core: Core,
  configured: Configured,
  format: AccessTokenFormat,
  held: HeldSession,
  nowMs: number,
  occasion: GrantOccasion,
): Grant {
  const { session, holder } = held;
  const { parentTokenId = null, provedRefreshToken = null } = occasion;
  const { expiresAtSeconds = endOfToken(format, session, configured.policy, nowMs) } = occasion;
  const hasRefreshToken = session.kind === 'refresh';
  const endsAtMs = hasRefreshToken ? expiresAtMs(session, configured.policy) : Number.POSITIVE_INFINITY;
  return {
    accessToken: mint(core, configured, format, held, { parentTokenId, expiresAtSeconds }, nowMs),
    atMs: nowMs,
    session,
    holder,
    refreshToken: hasRefreshToken ? core.refreshTokens.write(session, provedRefreshToken) : null,
    refreshExpiresAtMs: Number.isFinite(endsAtMs) ? endsAtMs : null,
    refreshExpiresInSeconds: Number.isFinite(endsAtMs) ? Math.floor((endsAtMs - nowMs) / 1000) : null,
  };
}
