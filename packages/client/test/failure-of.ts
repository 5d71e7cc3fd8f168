/** Expectations about the errors of a client. @module */
import assert from 'node:assert/strict';
import { TokenClientError } from '../src/index.ts';

/** What the attempt fails with. */
export async function failureOf(attempt: Promise<unknown>): Promise<TokenClientError> {
  const reason: unknown = await attempt.then(
    () => assert.fail('it did not fail'),
    (error: unknown) => error,
  );
  if (!(reason instanceof TokenClientError)) throw reason;
  return reason;
}
