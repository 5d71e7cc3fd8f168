/** The words of interfaces whose refusals are `{"status","error","message","requestId"}`, with `field` where one is at fault. @module */
import { STATUS_CODES } from 'node:http';
import type { Problem } from '../domain/problem.ts';
import type { Refusal, WordedRefusal } from './refusal.ts';

interface Wording {
  readonly status: number;
  readonly message: string;
  readonly field?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Words for every refusal. */
export function wordByStatus(refusal: Refusal, requestId: string): WordedRefusal {
  return wordedAs(wordingOf(refusal), requestId);
}

/** One refusal in this shape, for who has words of their own for it. */
export function wordedAs(
  { status, message, field, headers = {} }: Wording,
  requestId: string,
): WordedRefusal {
  const about = field === undefined ? {} : { field };
  const body = { status, error: STATUS_CODES[status] ?? 'Error', message, ...about, requestId };
  return { status, headers, body: JSON.stringify(body) };
}

function wordingOf(refusal: Refusal): Wording {
  switch (refusal.kind) {
    case 'malformed':
    case 'invalid_value':
      return { status: 400, ...faultOf(refusal) };
    case 'wrong_credentials':
      return { status: 401, message: 'Wrong user name, password or one-time password' };
    case 'challenge':
      return { status: 401, message: challenges[refusal.reason] ?? 'Something else is due' };
    case 'invalid_token':
    case 'unauthenticated':
    case 'session_ended':
      return unauthorized(refusal);
    case 'forbidden':
      return { status: 403, message: refusal.message ?? 'You may not do this' };
    case 'not_found':
      return { status: 404, message: refusal.message ?? 'There is nothing here by this name' };
    case 'unknown_route':
      return { status: 404, message: 'There is nothing at this path' };
    case 'conflict':
      return { status: 409, ...faultOf(refusal) };
    case 'method_not_allowed':
      return {
        status: 405,
        message: 'This path has other methods; see Allow',
        headers: { allow: refusal.allow },
      };
    case 'too_large':
      return { status: 413, message: 'The request is larger than 64 KiB' };
    case 'too_many_attempts':
      return {
        status: 429,
        message: 'Too many attempts; try again later',
        headers: retryAfter(refusal),
      };
    case 'unavailable':
      return {
        status: 503,
        message: 'The server cannot answer now; try again',
        headers: retryAfter(refusal),
      };
    case 'fault':
      return { status: 500, message: 'The server failed; its log has the request id' };
    default:
      return refusal satisfies never;
  }
}

const challenges: Readonly<Record<string, string>> = {
  password_change_required: 'Password change required',
  password_expired: 'Password expired',
  account_expired: 'Account expired',
  otp_required: 'One-time password required',
};

/** Without a credential no error code is told (RFC 6750 §3.1). */
function unauthorized({ reason, expired }: Problem): Wording {
  const description = expired === true ? ', error_description="The token is expired"' : '';
  const challenge = reason === 'no_access_token' ? 'Bearer' : `Bearer error="invalid_token"${description}`;
  const message = expired === true ? 'The token is expired' : 'Access token missing, invalid or revoked';
  return { status: 401, message, headers: { 'www-authenticate': challenge } };
}

function faultOf({ field, message }: Problem): Pick<Wording, 'message' | 'field'> {
  const said = message?.replace(/\.$/, '');
  if (field === undefined) return { message: said ?? 'The request cannot be read' };
  const what = said ?? 'has a value that is not allowed';
  return { field, message: what.startsWith(field) ? what : `${field}: ${what}` };
}

function retryAfter({ retryAfterSeconds = 1 }: Problem): Record<string, string> {
  return { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) };
}
