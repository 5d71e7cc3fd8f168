/** Guarantees of how long a login is asked for and said to live. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeLifetime, lifetimeMinutes } from '../src/login/login-lifetime.ts';

const day = 86_400;

test('thirty days, unless days or hours are asked for', () => {
  assert.equal(lifetimeMinutes(null, null), 43_200);
  assert.equal(lifetimeMinutes(10, null), 14_400);
  assert.equal(lifetimeMinutes(null, 10), 600);
  assert.equal(lifetimeMinutes(10, 10), 15_000);
  assert.throws(() => lifetimeMinutes(0, null), { name: 'UsageError' });
  assert.throws(() => lifetimeMinutes(0, 0), { name: 'UsageError' });
});

test('a life is said in days, hours and what is left over, a part of a minute as a minute', () => {
  const said = {
    [30 * day]: '30 days',
    [30 * day - 1]: '30 days',
    [10 * day]: '10 days',
    [10 * 3600]: '10 hours',
    [10 * day + 10 * 3600]: '10 days, 10 hours',
    [day]: '1 day',
    3600: '1 hour',
    [day + 3600 + 1800]: '1 day, 1 hour, 30 minutes',
    60: '1 minute',
    1: '1 minute',
  };
  for (const [seconds, words] of Object.entries(said)) {
    assert.equal(describeLifetime(Number(seconds)), `this login will expire in ${words}`);
  }
});

test('no life is said to be shorter than it is, nor longer by a minute', () => {
  const seconds = { day: 86_400, hour: 3600, minute: 60 };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 * day }), (granted) => {
      const parts = describeLifetime(granted).matchAll(/(\d+) (day|hour|minute)/g);
      const said = [...parts].reduce(
        (sum, [, count, unit]) => sum + Number(count) * seconds[unit as 'day'],
        0,
      );
      assert.ok(said >= granted && said < granted + 60);
    }),
  );
});
