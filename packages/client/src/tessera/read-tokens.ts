/** Understands the answer to a grant. @module */
import { Secret } from '@tessera/token';
import { AnswerError } from './errors.ts';
import type { Answer } from './send-request.ts';

export interface Tokens {
  readonly jwt: Secret;
  /** Null: none was issued, or the one presented stays. */
  readonly refreshToken: Secret | null;
  /** Needed to revoke the refresh token; null: none came. */
  readonly clientId: string | null;
  /** Seconds until the refresh token ends if never used again, as granted; null: it does not end. */
  readonly refreshTokenSeconds: number | null;
}

/** @throws {AnswerError} fields missing or of another type; none of their values is repeated */
export function readTokens(answer: Answer): Tokens {
  const body = answer.body ?? {};
  const jwt = optionalText(body, 'jwt');
  if (jwt === null) throw new AnswerError('the server\'s answer has no field "jwt"');
  const refreshToken = optionalText(body, 'refresh_token');
  return {
    jwt: new Secret(jwt),
    refreshToken: refreshToken === null ? null : new Secret(refreshToken),
    clientId: optionalText(body, 'client_id'),
    refreshTokenSeconds: optionalSeconds(body, 'refresh_token_expires_in'),
  };
}

function optionalText(body: Readonly<Record<string, unknown>>, field: string): string | null {
  const value = body[field] || null;
  if (value === null || typeof value === 'string') return value;
  throw new AnswerError(`the field "${field}" of the server's answer is not a text`);
}

function optionalSeconds(body: Readonly<Record<string, unknown>>, field: string): number | null {
  const value = body[field] ?? null;
  if (value === null || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0))
    return value;
  throw new AnswerError(`the field "${field}" of the server's answer is not a number of seconds`);
}
