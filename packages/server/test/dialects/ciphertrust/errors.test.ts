import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordRefusal } from '../../../src/dialects/ciphertrust/errors.ts';
import type { Problem } from '../../../src/domain/problem.ts';
import type { Refusal } from '../../../src/http/refusal.ts';

const requestId = '0d5e0c1e-0000-4000-8000-000000000000';
const problem = (kind: Problem['kind'], rest: Partial<Problem> = {}): Problem => ({
  kind,
  reason: 'secret_reason',
  ...rest,
});

test('the error table: status, code, codeDesc and message of every refusal', () => {
  const unauthorized = [401, 5, 'NCERRUnauthorizedAccess'] as const;
  const table: [Refusal, number, number, string, string][] = [
    [problem('wrong_credentials'), ...unauthorized, 'Wrong username or password.'],
    [problem('invalid_token'), ...unauthorized, 'Invalid token'],
    [problem('unauthenticated'), ...unauthorized, 'API token missing, invalid or expired.'],
    [problem('session_ended'), ...unauthorized, 'Token has been revoked'],
    [
      problem('challenge', { reason: 'password_change_required' }),
      ...unauthorized,
      'Password change required.',
    ],
    [problem('challenge', { reason: 'password_expired' }), ...unauthorized, 'Password expired.'],
    [problem('challenge', { reason: 'account_expired' }), ...unauthorized, 'Account expired.'],
    [problem('challenge', { reason: 'otp_required' }), ...unauthorized, 'One-time password required.'],
    [
      problem('malformed', { message: 'x is missing.' }),
      400,
      15,
      'NCERRBadRequest: Bad HTTP request',
      'x is missing.',
    ],
    [
      problem('invalid_value', { field: 'x', message: 'must be y.' }),
      400,
      9,
      'NCERRInvalidParamValue: Invalid parameter value',
      'x: must be y.',
    ],
    [problem('forbidden', { message: 'No.' }), 403, 403, 'NCERRForbidden', 'No.'],
    [
      problem('not_found', { message: 'None.' }),
      404,
      16,
      'NCERRResourceNotFound: Resource not found',
      'None.',
    ],
    [
      { kind: 'unknown_route' },
      404,
      16,
      'NCERRResourceNotFound: Resource not found',
      'There is nothing here by this name.',
    ],
    [problem('conflict', { message: 'Taken.' }), 409, 409, 'NCERRConflict', 'Taken.'],
    [
      { kind: 'method_not_allowed', allow: 'GET' },
      405,
      405,
      'NCERRMethodNotAllowed',
      'This path has other methods; see Allow.',
    ],
    [{ kind: 'too_large' }, 413, 413, 'NCERRRequestTooLarge', 'The request is larger than 64 KiB.'],
    [problem('too_many_attempts'), 429, 429, 'NCERRTooManyRequests', 'Too many attempts; try again later.'],
    [problem('unavailable'), 503, 503, 'NCERRUnavailable', 'The server cannot answer now; try again.'],
    [{ kind: 'fault' }, 500, 500, 'NCERRInternalError', 'The server failed; its log has the request id.'],
  ];
  for (const [refusal, status, code, codeDesc, message] of table) {
    const worded = wordRefusal(refusal, requestId);
    assert.equal(worded.status, status);
    assert.equal(worded.body, JSON.stringify({ code, codeDesc, message, requestID: requestId }));
    assert.ok(!worded.body.includes('secret_reason'));
  }
});

test('headers: who to authenticate as, what is allowed, when to come again', () => {
  const headersOf = (refusal: Refusal): object => wordRefusal(refusal, requestId).headers;
  assert.deepEqual(headersOf(problem('unauthenticated')), { 'www-authenticate': 'Bearer' });
  assert.deepEqual(headersOf({ kind: 'method_not_allowed', allow: 'GET, HEAD' }), { allow: 'GET, HEAD' });
  assert.deepEqual(headersOf(problem('too_many_attempts', { retryAfterSeconds: 2.1 })), {
    'retry-after': '3',
  });
  assert.deepEqual(headersOf(problem('unavailable', { retryAfterSeconds: 0 })), { 'retry-after': '1' });
  assert.deepEqual(headersOf(problem('wrong_credentials')), {});
});

test("a field is called by the wire's name", () => {
  const messageOf = (field: string): string =>
    JSON.parse(wordRefusal(problem('invalid_value', { field, message: 'no.' }), requestId).body).message;
  assert.equal(messageOf('passwordPolicy'), 'password_policy: no.');
  assert.equal(messageOf('minTotalLength'), 'inclusive_min_total_length: no.');
  assert.equal(messageOf('expiresAtMs'), 'expires_at: no.');
  assert.equal(messageOf('email'), 'email: no.');
  assert.equal(messageOf('MAXIMUM_SESSION_LIFETIME'), 'MAXIMUM_SESSION_LIFETIME: no.');
});

test('what the core calls a role is a group here, but not in names', () => {
  const messageOf = (reason: string, message: string): string =>
    JSON.parse(wordRefusal(problem('not_found', { reason, message }), requestId).body).message;
  assert.equal(messageOf('unknown_role', 'There is no role "My role".'), 'There is no group "My role".');
  assert.equal(
    messageOf('name_taken', 'A role of that name exists already.'),
    'A group of that name exists already.',
  );
  assert.equal(messageOf('system_role', 'Roles of the system stay.'), 'Groups of the system stay.');
  assert.equal(messageOf('unknown_user', 'There is no user "role".'), 'There is no user "role".');
});
