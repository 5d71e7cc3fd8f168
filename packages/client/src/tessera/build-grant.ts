/** The requests that ask for tokens: with a password, or with a refresh token. @module */
import type { Secret } from '@tessera/token';
import type { Request } from './send-request.ts';

/** Whether a refresh token shall come with the API token, and how long it shall live. */
export type RefreshTokenWish =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'issue';
      /** Absolute lifetime; null: none. */
      readonly lifetimeMinutes: number | null;
      /** Ends when unused for so long; null: never. */
      readonly idleMinutes: number | null;
      readonly labels: readonly string[];
      /** `interactive`: kept by the person who signs in; left out: to be handed to a program, which may then manage no credentials. */
      readonly purpose?: 'interactive';
    };

export interface PasswordGrant {
  readonly username: string;
  readonly password: Secret;
  /** Null: the account has no second factor, or it is not known yet. */
  readonly oneTimePassword: Secret | null;
  /** Domain the token is for, by name or id; null: the server's default. */
  readonly domain: string | null;
  /** Domain the account lives in; null: root. */
  readonly authDomain: string | null;
  readonly refreshToken: RefreshTokenWish;
}

export interface RefreshGrant {
  readonly refreshToken: Secret;
  /** `renew` spends the token and brings its successor; `keep` leaves it as it is. */
  readonly rotation: 'keep' | 'renew';
  /** Another domain than the token's own revokes the token; null: its own. */
  readonly domain: string | null;
}

const path = '/api/v1/auth/tokens';

export function buildPasswordGrant(grant: PasswordGrant): Request {
  return {
    method: 'POST',
    path,
    body: {
      grant_type: 'password',
      username: grant.username,
      password: grant.password,
      ...(grant.oneTimePassword === null ? {} : { otp: grant.oneTimePassword }),
      ...(grant.domain === null ? {} : { domain: grant.domain }),
      ...(grant.authDomain === null ? {} : { auth_domain: grant.authDomain }),
      ...wishFields(grant.refreshToken),
    },
  };
}

function wishFields(wish: RefreshTokenWish): object {
  // Said outright, because a server may be set to give refresh tokens unasked.
  if (wish.kind === 'none') return { issueRefreshToken: false };
  return {
    issueRefreshToken: true,
    ...(wish.lifetimeMinutes === null ? {} : { refresh_token_lifetime: wish.lifetimeMinutes }),
    ...(wish.idleMinutes === null ? {} : { refresh_token_revoke_unused_in: wish.idleMinutes }),
    ...(wish.labels.length === 0 ? {} : { labels: wish.labels }),
    ...(wish.purpose === undefined ? {} : { purpose: wish.purpose }),
  };
}

export function buildRefreshGrant(grant: RefreshGrant): Request {
  return {
    method: 'POST',
    path,
    body: {
      grant_type: 'refresh_token',
      refresh_token: grant.refreshToken,
      ...(grant.domain === null ? {} : { domain: grant.domain }),
      ...(grant.rotation === 'renew' ? { renew_refresh_token: true } : { issueRefreshToken: false }),
    },
  };
}
