/** The claims of this dialect's access tokens. @module */
import type { AccessTokenFormat, AccessTokenInput, TokenChecks } from '../../operations/access-token.ts';
import type { NectarOptions } from './options.ts';

/** What `/aapi/jwt/token/renew` takes besides: tokens of any age. */
const renewalChecks: TokenChecks = {
  audience: 'installation',
  expiry: 'required',
  // Ten millennia: `exp` is not looked at.
  lateSeconds: 315_576_000_000,
  keys: 'kept',
};

export interface NectarFormats {
  /** For every route but one. */
  readonly usual: AccessTokenFormat;
  /** The same tokens, where they are shown to be renewed. */
  readonly renewal: AccessTokenFormat;
}

export function nectarFormats({
  accessTokenSeconds,
  recordUseEverySeconds,
}: Pick<NectarOptions, 'accessTokenSeconds' | 'recordUseEverySeconds'>): NectarFormats {
  const usual: AccessTokenFormat = {
    face: 'nectar',
    lifetime: { kind: 'within-session', seconds: accessTokenSeconds },
    keyUse: 'nectar',
    entry: 'home-or-role',
    lostScope: 'session_ended',
    checks: { audience: 'installation', expiry: 'required', lateSeconds: 0, keys: 'verifying' },
    recordUseEverySeconds,
    claims: claimsOf,
    read: (claims) => (isPairNumber(claims.gen) ? 'session' : null),
    readGeneration: (claims) => Number(claims.gen) + 1,
  };
  return { usual, renewal: { ...usual, checks: renewalChecks } };
}

/** Pairs are counted from 0. */
function isPairNumber(gen: unknown): boolean {
  return typeof gen === 'number' && Number.isSafeInteger(gen) && gen >= 0;
}

function claimsOf(input: AccessTokenInput): object {
  const { holder, session } = input;
  return {
    iss: input.issuer,
    aud: input.audience,
    sub: holder.userId,
    preferred_username: holder.username,
    roles: holder.roles,
    iat: input.issuedAtSeconds,
    exp: input.expiresAtSeconds,
    jti: input.tokenId,
    sid: session.id,
    gen: session.generation - 1,
  };
}
