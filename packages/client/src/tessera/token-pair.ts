/**
 * Version 2 tokens of the `nebularstack` dialect: an access token for a domain or tenant, and the refresh token that renews
 * and rescopes it. Either is good for nothing without the other.
 * @module
 */
import { Secret } from '@tessera/token';
import { AnswerError } from './errors.ts';
import type { Answer, Request } from './send-request.ts';

/** The domain by name, the tenant by id; null: none. */
export interface NamedScope {
  readonly domain: string | null;
  readonly tenantId: string | null;
}

/** `minimal` tokens carry no roles and never need a one-time password. */
export type TokenKind = 'standard' | 'minimal';

export interface PairLogin extends NamedScope {
  readonly username: string;
  readonly password: Secret;
  /** Null: the account has no second factor, or it is not known yet. */
  readonly oneTimePassword: Secret | null;
  /** Domain the account lives in; null: the scope's. One of the two must be named. */
  readonly userDomain: string | null;
  /** Null: the server's default, `standard`. */
  readonly kind: TokenKind | null;
}

export interface TokenPair {
  readonly accessToken: Secret;
  readonly refreshToken: Secret;
}

const path = '/v2/token';

export function buildPairLogin(login: PairLogin): Request {
  return {
    method: 'POST',
    path,
    body: {
      username: login.username,
      password: login.password,
      ...(login.oneTimePassword === null ? {} : { otp: login.oneTimePassword }),
      ...(login.userDomain === null ? {} : { user_domain: login.userDomain }),
      ...(login.domain === null ? {} : { domain: login.domain }),
      ...(login.tenantId === null ? {} : { tenant_id: login.tenantId }),
      ...(login.kind === null ? {} : { type: login.kind }),
    },
  };
}

/** A fresh access token for the same scope, also where the old one is expired. */
export function buildPairRenewal({ accessToken, refreshToken }: TokenPair): Request {
  return { method: 'PUT', path, ...authenticated(accessToken), body: { refresh_token: refreshToken } };
}

/** A fresh access token for another scope. */
export function buildPairRescope({ accessToken, refreshToken }: TokenPair, scope: NamedScope): Request {
  return {
    method: 'PATCH',
    path,
    ...authenticated(accessToken),
    body: { domain: scope.domain, tenant_id: scope.tenantId, refresh_token: refreshToken },
  };
}

/** The header that carries an access token of this dialect. */
export function authenticated(accessToken: Secret): { readonly headers: NonNullable<Request['headers']> } {
  return { headers: { 'x-auth-token': accessToken } };
}

/** A token pair with what the server says of it. */
export interface GrantedPair extends TokenPair, NamedScope {
  readonly userDomain: string;
  /** When the refresh token ends if never used again, seconds since 1970. */
  readonly refreshExpiresAtSeconds: number;
  /** When it was granted by the server's clock, seconds since 1970. */
  readonly grantedAtSeconds: number;
}

/** @throws {AnswerError} fields missing or of another type; none of their values is repeated */
export function readTokenPair(answer: Answer): GrantedPair {
  const body = answer.body ?? {};
  const text = (field: string): string => requireText(field, body[field]);
  const optional = (field: string): string | null => ((body[field] ?? null) === null ? null : text(field));
  return {
    accessToken: new Secret(text('token')),
    refreshToken: new Secret(text('refresh_token')),
    domain: optional('domain'),
    tenantId: optional('tenant_id'),
    userDomain: text('user_domain'),
    refreshExpiresAtSeconds: requireSeconds('refresh_exp', body.refresh_exp),
    grantedAtSeconds: requireSeconds('creation_time', Math.floor(Date.parse(text('creation_time')) / 1000)),
  };
}

function requireText(field: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new AnswerError(`the server's answer has no text in the field "${field}"`);
}

function requireSeconds(field: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new AnswerError(`the server's answer has no time in the field "${field}"`);
}
