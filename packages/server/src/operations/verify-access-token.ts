/** Reads the access token of a request: its signature, which interface it is for, and whether it is too old. @module */
import { type Claims, TokenError } from '@tessera/token';
import type { SessionId } from '../domain/ids.ts';
import { ProblemError, refuse } from '../domain/problem.ts';
import type { NamedScope } from '../domain/tenancy.ts';
import type { Configuration } from '../store/configuration.ts';
import type { AccessTokenFormat, TokenChecks } from './access-token.ts';
import { configured } from './configured.ts';
import type { Core } from './core.ts';
import type { GenuineToken } from './own-tokens.ts';

export interface VerifiedAccessToken {
  readonly format: AccessTokenFormat;
  readonly claims: Claims;
  readonly sessionId: SessionId;
  /** `jti`. */
  readonly tokenId: string;
  /** Null: the session's own. */
  readonly scope: NamedScope | null;
  /** Of the pair it is of, as the session counts; null: of none. */
  readonly generation: number | null;
  /** Epoch seconds; null: the token has no end of its own. */
  readonly expiresAtSeconds: number | null;
  readonly age: 'live' | 'expired';
}

/**
 * @param formats of one dialect; they have the same `checks`
 * @throws {ProblemError} `unauthenticated`: it is no token of these, or it is older than they are read at all
 */
export function verifyAccessToken(
  core: Core,
  configuration: Configuration,
  formats: readonly [AccessTokenFormat, ...AccessTokenFormat[]],
  text: string,
  nowMs: number,
): VerifiedAccessToken {
  const { claims, expiresAtSeconds } = verify(core, configuration, formats[0], text, nowMs);
  if (typeof claims.sid !== 'string' || typeof claims.jti !== 'string')
    throw refuse('unauthenticated', 'no_session_in_token');
  for (const format of formats) {
    const scope = format.read(claims);
    if (scope === null) continue;
    if (expiresAtSeconds === null && format.lifetime.kind !== 'endless')
      throw refuse('unauthenticated', 'token_without_end');
    return {
      format,
      claims,
      sessionId: claims.sid as SessionId,
      tokenId: claims.jti,
      scope: scope === 'session' ? null : scope,
      generation: format.readGeneration?.(claims) ?? null,
      expiresAtSeconds,
      age: expiresAtSeconds !== null && nowMs >= expiresAtSeconds * 1000 ? 'expired' : 'live',
    };
  }
  throw refuse('unauthenticated', 'token_of_another_interface');
}

/** A genuine token that is too old, of either kind. */
export function tokenExpired(kind: 'unauthenticated' | 'invalid_token'): ProblemError {
  return new ProblemError({ kind, reason: 'expired', expired: true });
}

function verify(
  core: Core,
  configuration: Configuration,
  { checks }: AccessTokenFormat,
  text: string,
  nowMs: number,
): GenuineToken {
  const { verifier, ownTokens } = configured(core, configuration);
  const own = ownTokens.find(text);
  if (own !== null) return stillRead(own, checks, nowMs);
  try {
    return verifier(checks).verify(text, nowMs / 1000);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    if (error.reason === 'expired') throw tokenExpired('unauthenticated');
    throw refuse('unauthenticated', error.reason);
  }
}

function stillRead(token: GenuineToken, { lateSeconds }: TokenChecks, nowMs: number): GenuineToken {
  const { expiresAtSeconds: end } = token;
  if (end !== null && nowMs / 1000 >= end + lateSeconds) throw tokenExpired('unauthenticated');
  return token;
}
