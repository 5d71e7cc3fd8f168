/** This dialect's words for every refusal. @module */
import type { Challenge, Problem } from '../../domain/problem.ts';
import type { Refusal, WordedRefusal } from '../../http/refusal.ts';

interface Wording {
  readonly status: number;
  readonly code: number;
  readonly codeDesc: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One error body for every case, whatever the path. */
export function wordRefusal(refusal: Refusal, requestId: string): WordedRefusal {
  const { status, code, codeDesc, message, headers = {} } = wordingOf(refusal);
  return { status, headers, body: JSON.stringify({ code, codeDesc, message, requestID: requestId }) };
}

function wordingOf(refusal: Refusal): Wording {
  switch (refusal.kind) {
    case 'malformed':
      return badRequest(refusal.message ?? 'The request cannot be read.');
    case 'invalid_value':
      return invalidValue(refusal);
    case 'wrong_credentials':
      return unauthorized('Wrong username or password.');
    case 'challenge':
      return unauthorized(challenges[refusal.reason as Challenge] ?? 'Wrong username or password.');
    case 'invalid_token':
      return unauthorized('Invalid token');
    case 'unauthenticated':
      return {
        ...unauthorized(refusal.message ?? 'API token missing, invalid or expired.'),
        headers: { 'www-authenticate': 'Bearer' },
      };
    case 'session_ended':
      return unauthorized('Token has been revoked');
    case 'forbidden':
      return worded(403, 'NCERRForbidden', ofGroups(refusal) ?? 'You may not do this.');
    case 'not_found':
    case 'unknown_route':
      return notFound(refusal.kind === 'not_found' ? ofGroups(refusal) : undefined);
    case 'conflict':
      return worded(409, 'NCERRConflict', ofGroups(refusal) ?? 'This conflicts with what is there.');
    case 'method_not_allowed':
      return {
        ...worded(405, 'NCERRMethodNotAllowed', 'This path has other methods; see Allow.'),
        headers: { allow: refusal.allow },
      };
    case 'too_large':
      return worded(413, 'NCERRRequestTooLarge', 'The request is larger than 64 KiB.');
    case 'too_many_attempts':
      return {
        ...worded(429, 'NCERRTooManyRequests', 'Too many attempts; try again later.'),
        headers: retryAfter(refusal),
      };
    case 'unavailable':
      return {
        ...worded(503, 'NCERRUnavailable', 'The server cannot answer now; try again.'),
        headers: retryAfter(refusal),
      };
    case 'fault':
      return worded(500, 'NCERRInternalError', 'The server failed; its log has the request id.');
    default:
      return refusal satisfies never;
  }
}

const challenges: Readonly<Record<Challenge, string>> = {
  password_change_required: 'Password change required.',
  password_expired: 'Password expired.',
  account_expired: 'Account expired.',
  otp_required: 'One-time password required.',
};

/** Where no number is publicly known, the code is the status. */
function worded(status: number, codeDesc: string, message: string): Wording {
  return { status, code: status, codeDesc, message };
}

function unauthorized(message: string): Wording {
  return { status: 401, code: 5, codeDesc: 'NCERRUnauthorizedAccess', message };
}

function badRequest(message: string): Wording {
  return { status: 400, code: 15, codeDesc: 'NCERRBadRequest: Bad HTTP request', message };
}

function invalidValue({ field, message = 'this value is not allowed.' }: Problem): Wording {
  // What was read from the wire, and settings, name themselves in their message.
  const isNamed = field === undefined || message.startsWith(`${field}: `);
  const text = isNamed ? message : `${wireName(field)}: ${message}`;
  return { status: 400, code: 9, codeDesc: 'NCERRInvalidParamValue: Invalid parameter value', message: text };
}

function notFound(message = 'There is nothing here by this name.'): Wording {
  return { status: 404, code: 16, codeDesc: 'NCERRResourceNotFound: Resource not found', message };
}

function retryAfter({ retryAfterSeconds = 1 }: Problem): Record<string, string> {
  return { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) };
}

const reasonsAboutRoles: ReadonlySet<string> = new Set([
  'unknown_role',
  'role_not_held',
  'system_role',
  'name_taken',
]);

/** A role of the core is a group here. The core's own word comes first; what follows may be in somebody's name. */
function ofGroups({ reason, message }: Problem): string | undefined {
  if (!reasonsAboutRoles.has(reason)) return message;
  return message?.replace(/role/i, (word) => (word === 'Role' ? 'Group' : 'group'));
}

/** Where this dialect's name is not simply the core's in snake case. */
const wireNames: Readonly<Record<string, string>> = {
  minTotalLength: 'inclusive_min_total_length',
  maxTotalLength: 'inclusive_max_total_length',
  minUpperCase: 'inclusive_min_upper_case',
  minLowerCase: 'inclusive_min_lower_case',
  minDigits: 'inclusive_min_digits',
  minOther: 'inclusive_min_other',
  historyThreshold: 'password_history_threshold',
  lifetimeDays: 'password_lifetime',
  changeMinDays: 'password_change_min_days',
  lockoutThresholdsMinutes: 'failed_logins_lockout_thresholds',
  expiresAtMs: 'expires_at',
  preventUiLogin: 'login_flags.prevent_ui_login',
};

/** `passwordPolicy` → `password_policy`; what is written in another way stays. */
function wireName(field: string): string {
  const isCamelCase = /^[a-z]+(?:[A-Z][a-z]+)+$/.test(field);
  return (
    wireNames[field] ??
    (isCamelCase ? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : field)
  );
}
