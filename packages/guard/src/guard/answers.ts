/** The guard's refusals, word for word. @module */
import type { Refused } from '../methods/method.ts';
import type { Answer } from './answer.ts';

/** Bodies of refusals are empty: the header says it all. */
function refusal(status: number, headers: Readonly<Record<string, string>>): Answer {
  return Object.freeze({ status, headers: Object.freeze({ ...headers, 'Content-Length': '0' }), body: '' });
}

export function unauthorized(challenge: string): Answer {
  return refusal(401, { 'WWW-Authenticate': challenge });
}

/** @param description printable ASCII; null: none */
export function invalidToken(description: string | null): Answer {
  const error = 'Bearer error="invalid_token"';
  return unauthorized(description === null ? error : `${error}, error_description="${description}"`);
}

/** Several methods refused: their texts in order, equal ones once. */
export function joinedRefusal(refusals: readonly Refused[], challenge: string | null): Answer {
  const [only] = refusals;
  if (refusals.length === 1 && only?.answer !== undefined) return only.answer;
  if (challenge !== null) return unauthorized(challenge);
  const texts = refusals.map(({ description }) => description).filter((text) => text !== null);
  return invalidToken(texts.length === 0 ? null : [...new Set(texts)].join('; '));
}

export const revoked: Answer = invalidToken('The token is revoked');

/** Not for this principal: no challenge, since another credential of the same kind would not help by itself. */
export const forbidden: Answer = refusal(403, {});

export const badRequest: Answer = refusal(400, {});

export function unavailable(retryAfterSeconds: number): Answer {
  return refusal(503, { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) });
}
