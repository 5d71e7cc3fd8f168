/** What the method `nectar` answers: the shape of the server's own refusals. @module */
import { randomUUID } from 'node:crypto';
import type { Answer } from '../guard/answer.ts';

export const basicChallenge = 'Basic realm="Tessera", charset="UTF-8"';

/** @param description printable ASCII; null: nothing more is told */
export function refusedToken(description: string | null): Answer {
  const error = 'Bearer error="invalid_token"';
  const challenge = description === null ? error : `${error}, error_description="${description}"`;
  return refusal(401, 'Unauthorized', description ?? 'The token is invalid', {
    'WWW-Authenticate': challenge,
  });
}

/** The same whatever was wrong; the server's audit log has the reason. */
export function refusedPassword(): Answer {
  const message =
    'Wrong user name or password. Accounts that use single sign-on or a second factor cannot use Basic authentication: generate an API token.';
  return refusal(401, 'Unauthorized', message, { 'WWW-Authenticate': basicChallenge });
}

export function slowed(retryAfterSeconds: number): Answer {
  const message = 'Too many attempts; try again later';
  return refusal(429, 'Too Many Requests', message, { 'Retry-After': String(retryAfterSeconds) });
}

function refusal(
  status: number,
  error: string,
  message: string,
  headers: Readonly<Record<string, string>>,
): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify({ status, error, message, requestId: randomUUID() }),
  };
}
