import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
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

test('while others wait in line, two are told together; the last one, and whoever is alone, at once', async () => {
  const passwords = createPasswordHasher(1);
  const told: number[] = [];
  const checks = [0, 1, 2].map(async (number) => {
    await passwords.verify(null, 'x');
    told.push(number);
  });
  await checks[0];
  await nextTurn();
  assert.deepEqual(told, [0, 1]);
  await checks[2];
  assert.deepEqual(told, [0, 1, 2]);
  assert.equal(await passwords.verify(null, 'x'), false);
});

test('while many wait in line, four are told together', async () => {
  const passwords = createPasswordHasher(1);
  const told: number[] = [];
  const checks = Array.from({ length: 8 }, async (_, number) => {
    await passwords.verify(null, 'x');
    told.push(number);
  });
  for (const [first, all] of [
    [0, [0, 1, 2, 3]],
    [4, [0, 1, 2, 3, 4, 5]],
  ] as const) {
    await checks[first];
    await nextTurn();
    assert.deepEqual(told, all);
  }
  await Promise.all(checks);
});

test('a hash that cannot be read keeps nobody waiting', async () => {
  const passwords = createPasswordHasher(1);
  const checks = ['no hash', null, 'no hash'].map((phc) => passwords.verify(phc, 'x'));
  const outcomes = (await Promise.allSettled(checks)).map(({ status }) => status);
  assert.deepEqual(outcomes, ['rejected', 'fulfilled', 'rejected']);
  assert.equal(passwords.depth(), 0);
});
