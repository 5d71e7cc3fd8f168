import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPasswordHasher } from '../../src/crypto/password.ts';
import { ProblemError } from '../../src/domain/problem.ts';

test('a password fits its own hash, Argon2id of 19 MiB and two passes, and no other', async () => {
  const passwords = createPasswordHasher();
  const hash = await passwords.hash('Correct-horse1');
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.ok(await passwords.verify(hash, 'Correct-horse1'));
  assert.ok(!(await passwords.verify(hash, 'correct-horse1')));
  assert.ok(!(await passwords.verify(null, 'Correct-horse1')));
});

test('a flood beyond the queue is turned away at once with a time to come back, and the queue empties', async () => {
  const passwords = createPasswordHasher(1);
  const flood = Array.from({ length: 300 }, () => passwords.verify(null, 'x'));
  const turnedAway = (await Promise.allSettled(flood)).filter((attempt) => attempt.status === 'rejected');
  assert.equal(turnedAway.length, 300 - 257);
  for (const { reason } of turnedAway) {
    assert.ok(reason instanceof ProblemError);
    assert.equal(reason.problem.kind, 'unavailable');
    assert.equal(reason.problem.retryAfterSeconds, 2);
  }
  assert.equal(passwords.depth(), 0);
});
