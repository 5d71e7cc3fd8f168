/** This dialect's words for every refusal. One body for each status, so that no two causes can be told apart. @module */
import type { Problem } from '../../domain/problem.ts';
import type { Refusal, WordedRefusal } from '../../http/refusal.ts';

interface Wording {
  readonly status: number;
  readonly title: string;
  readonly description: string;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function wordRefusal(refusal: Refusal, requestId: string): WordedRefusal {
  const { status, headers = {}, ...words } = wordingOf(refusal);
  return { status, headers, body: JSON.stringify({ error: { ...words, request_id: requestId } }) };
}

function wordingOf(refusal: Refusal): Wording {
  switch (refusal.kind) {
    case 'malformed':
    case 'invalid_value':
    case 'conflict':
      return { status: 400, title: 'Bad Request', description: descriptionOf(refusal) };
    case 'challenge':
      return refusal.reason === 'otp_required' ? otpRequired : unauthorized;
    case 'wrong_credentials':
    case 'invalid_token':
    case 'unauthenticated':
    case 'session_ended':
      return refusal.expired === true ? expired : unauthorized;
    // What may not be seen is not told from what is not there.
    case 'forbidden':
    case 'not_found':
      return { status: 403, title: 'Forbidden', description: 'Access denied' };
    case 'unknown_route':
      return { status: 404, title: 'Not Found', description: 'There is nothing at this path' };
    case 'method_not_allowed':
      return {
        status: 405,
        title: 'Method Not Allowed',
        description: 'This path has other methods',
        headers: { allow: refusal.allow },
      };
    case 'too_large':
      return { status: 413, title: 'Payload Too Large', description: 'The request is larger than 64 KiB' };
    case 'too_many_attempts':
      return {
        status: 429,
        title: 'Too Many Requests',
        description: 'Too many attempts; try again later',
        headers: retryAfter(refusal),
      };
    case 'unavailable':
      return {
        status: 503,
        title: 'Service Unavailable',
        description: 'The server cannot answer now; try again',
        headers: retryAfter(refusal),
      };
    case 'fault':
      return { status: 500, title: 'Internal Server Error', description: 'The server failed' };
    default:
      return refusal satisfies never;
  }
}

const unauthorized: Wording = {
  status: 401,
  title: 'Unauthorized',
  description: 'Invalid credentials or token',
};

/** By this header alone clients in the field know that they have to sign in again. */
const expired: Wording = { ...unauthorized, headers: { 'x-expired-token': 'true' } };

const otpRequired: Wording = {
  status: 401,
  title: 'OTP Required',
  description: 'A one-time password is required',
  code: 'otp_required',
};

function descriptionOf({ field: coreField, message }: Problem): string {
  const field = coreField?.replace(/[a-z][A-Z]/g, ([before, upper]) => `${before}_${upper?.toLowerCase()}`);
  const said = message?.replace(/\.$/, '') ?? 'has a value that is not allowed';
  if (field === undefined) return message === undefined ? 'The request cannot be read' : said;
  return said.startsWith(field) ? said : `${field}: ${said}`;
}

function retryAfter({ retryAfterSeconds = 1 }: Problem): Record<string, string> {
  return { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) };
}
