/** Access tokens: a dialect gives their shape, the core makes them. @module */
import { randomUUID } from 'node:crypto';
import { type Claims, signToken } from '@tessera/token';
import type { EntryRule, HeldSession, Holder } from '../domain/holder.ts';
import { expiresAtMs, type LifetimeLimits } from '../domain/lifetimes.ts';
import type { Session } from '../domain/session.ts';
import type { NamedScope } from '../domain/tenancy.ts';
import type { Configured } from './configured.ts';
import type { Core } from './core.ts';

/**
 * How long an access token lives.
 *
 * - `fixed`: so many seconds, whatever happens to its session
 * - `within-session`: so many seconds, but not beyond its session
 * - `session`: as long as its session, as that stands now
 * - `endless`: without an `exp`; good only where the session is looked at
 */
export type AccessTokenLifetime =
  | { readonly kind: 'fixed'; readonly seconds: number }
  | { readonly kind: 'within-session'; readonly seconds: number }
  | { readonly kind: 'session' }
  | { readonly kind: 'endless' };

/** What a signature alone does not tell; one object for all formats that are told apart only after verification. */
export interface TokenChecks {
  readonly audience: 'installation' | 'none';
  readonly expiry: 'required' | 'optional';
  /** How long after its end a token is still read, and then called expired. */
  readonly lateSeconds: number;
  /** `verifying`: the keys that are published; `kept`: those kept for renewals as well. */
  readonly keys: 'verifying' | 'kept';
}

/** The claims of a token whose signature was verified. */
export type VerifiedClaims = Claims;

/** How one dialect's access tokens look. */
export interface AccessTokenFormat {
  /** The interface whose tokens they are: sessions opened with this format work only there. */
  readonly face: string;
  readonly lifetime: AccessTokenLifetime;
  /** Which of the signing keys in use signs them. */
  readonly keyUse: string;
  readonly entry: EntryRule;
  /** What a good token is refused as, whose user has no business in its scope any more. */
  readonly lostScope: 'session_ended' | 'forbidden';
  readonly checks: TokenChecks;
  /** Uses less than so many seconds after the one before are not recorded; null: none is. */
  readonly recordUseEverySeconds: number | null;
  /** The claims, in the order they are written. */
  readonly claims: (input: AccessTokenInput) => object;
  /** Whether verified claims are of this format, and the scope in them; `session`: that of the session's row. */
  readonly read: (claims: VerifiedClaims) => NamedScope | 'session' | null;
  /** The generation of the pair that verified claims are of; left out where tokens are of no pair. */
  readonly readGeneration?: (claims: VerifiedClaims) => number;
}

export interface AccessTokenInput {
  readonly issuer: string;
  readonly audience: string;
  readonly holder: Holder;
  readonly session: Session;
  /** UUID of this token. */
  readonly tokenId: string;
  /** Id of the token it was derived from; null: it comes from a sign-in or a refresh token alone. */
  readonly parentTokenId: string | null;
  readonly issuedAtSeconds: number;
  /** Null: the token has no end of its own. */
  readonly expiresAtSeconds: number | null;
}

export interface AccessToken {
  readonly text: string;
  readonly id: string;
  readonly expiresAtSeconds: number | null;
  /** As they are in the text. */
  readonly claims: Claims;
}

/** What is particular about one token. */
export type TokenOccasion = Pick<AccessTokenInput, 'parentTokenId' | 'expiresAtSeconds'>;

/** Makes an access token for a session, as its holder is at this moment. */
export function mint(
  core: Core,
  { keys }: Configured,
  format: AccessTokenFormat,
  { holder, session }: HeldSession,
  occasion: TokenOccasion,
  nowMs: number,
): AccessToken {
  const key = keys.current(format.keyUse, nowMs);
  if (key === null) throw new Error(`no signing key for ${format.keyUse}: it is made at start`);
  const id = randomUUID();
  const claims = format.claims({
    issuer: core.issuer,
    audience: core.audience,
    holder,
    session,
    tokenId: id,
    parentTokenId: occasion.parentTokenId,
    issuedAtSeconds: Math.floor(nowMs / 1000),
    expiresAtSeconds: occasion.expiresAtSeconds,
  });
  const text = signToken(key, claims, { typ: 'JWT' });
  return { text, id, expiresAtSeconds: occasion.expiresAtSeconds, claims: claims as Claims };
}

/** When a token made now ends, in epoch seconds; null: never by itself. */
export function endOfToken(
  { lifetime }: AccessTokenFormat,
  session: Session,
  limits: LifetimeLimits,
  nowMs: number,
): number | null {
  const nowSeconds = Math.floor(nowMs / 1000);
  const sessionEnd = Math.floor(expiresAtMs(session, limits) / 1000);
  switch (lifetime.kind) {
    case 'fixed':
      return nowSeconds + lifetime.seconds;
    case 'within-session':
      return Math.min(nowSeconds + lifetime.seconds, sessionEnd);
    case 'session':
      return sessionEnd;
    case 'endless':
      return null;
  }
}
