/** The answers of the login route, word for word. @module */
import type { Answer } from '../guard/answer.ts';

const always = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };

function json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { ...always, ...headers }, body: JSON.stringify(body) };
}

export function loggedIn(token: string): Answer {
  return json(200, { token });
}

/** @param message null: the usual one */
export function loginFailed(message: string | null): Answer {
  const errorMessage = message ?? 'Bad username or password';
  return json(401, { success: false, errorMessage }, { 'WWW-Authenticate': 'Bearer' });
}

const refused = (status: number, errorMessage: string, headers?: Readonly<Record<string, string>>): Answer =>
  json(status, { success: false, errorMessage }, headers);

export const fieldsMissing: Answer = refused(400, 'UserName and Password are required');
/** The rest of the body is not read, so the connection cannot be used again. */
export const bodyTooLarge: Answer = refused(413, 'The request body is too large', { Connection: 'close' });
export const wrongMediaType: Answer = refused(
  415,
  'Send UserName and Password as application/x-www-form-urlencoded or application/json',
);

export function tooManyFailures(retryAfterSeconds: number): Answer {
  return refused(429, 'Too many failed attempts', { 'Retry-After': String(retryAfterSeconds) });
}
