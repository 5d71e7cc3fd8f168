import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countGuess, type GuessCounter, usualGuessLimits, waitSeconds } from '../../src/domain/guessing.ts';
import { countFailure, countSignIn, isLocked, unlock } from '../../src/domain/lockout.ts';
import {
  defaultPolicy,
  type PasswordPolicy,
  passwordExpired,
  passwordFault,
  passwordTooYoung,
} from '../../src/domain/password-policy.ts';
import { ProblemError } from '../../src/domain/problem.ts';
import { checkSetting, sessionPolicy, settingNames, settingValue } from '../../src/domain/settings.ts';
import type { User } from '../../src/domain/user.ts';
import { startMs } from './session-fixture.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const policy: PasswordPolicy = {
  ...defaultPolicy,
  name: 'global',
  createdAtMs: startMs,
  updatedAtMs: startMs,
};
const fresh = { failedLoginsCount: 0, lockedUntilMs: null, loginsCount: 0 } as User;

test('thresholds [0,5,30] lock not at the first failure, 5 minutes at the second, 30 at the third and later ones', () => {
  const strict = { ...policy, lockoutThresholdsMinutes: [0, 5, 30] };
  const first = countFailure(fresh, strict, startMs);
  assert.ok(!isLocked(first, startMs));
  const second = countFailure(first, strict, startMs);
  assert.ok(isLocked(second, startMs + 5 * minute - 1) && !isLocked(second, startMs + 5 * minute));
  const third = countFailure(second, strict, startMs);
  const fourth = countFailure(third, strict, startMs);
  for (const user of [third, fourth])
    assert.ok(isLocked(user, startMs + 30 * minute - 1) && !isLocked(user, startMs + 30 * minute));
});

test('without thresholds nothing locks; a sign-in and an administrator forget the failures', () => {
  let user = fresh;
  for (let failures = 0; failures < 50; failures++) user = countFailure(user, policy, startMs);
  assert.ok(!isLocked(user, startMs));
  assert.equal(user.failedLoginsCount, 50);
  assert.equal(countSignIn(user, startMs).failedLoginsCount, 0);
  assert.equal(unlock(user).failedLoginsCount, 0);
});

test('a policy names what a password lacks and never repeats it', () => {
  const lacking: [string, string][] = [
    ['Aa1-', 'at least 8 characters'],
    [`Aa1-${'x'.repeat(130)}`, 'at most 128'],
    ['aaaaaa1-', 'upper-case'],
    ['AAAAAA1-', 'lower-case'],
    ['Aaaaaaa-', 'digit'],
    ['Aaaaaaa1', 'no letter or digit'],
  ];
  for (const [password, fault] of lacking) {
    const sentence = passwordFault(policy, password) ?? '';
    assert.ok(sentence.includes(fault), sentence);
    assert.ok(!sentence.includes(password));
  }
  assert.equal(passwordFault(policy, 'Grün-und-1'), null);
});

test('a password expires after its lifetime and may not be changed before its minimum age', () => {
  const aging = { ...policy, lifetimeDays: 90, changeMinDays: 1 };
  assert.ok(
    !passwordExpired(aging, startMs, startMs + 90 * day - 1) &&
      passwordExpired(aging, startMs, startMs + 90 * day),
  );
  assert.ok(
    passwordTooYoung(aging, startMs, startMs + day - 1) && !passwordTooYoung(aging, startMs, startMs + day),
  );
  assert.ok(
    !passwordExpired(policy, startMs, startMs + 10_000 * day) && !passwordTooYoung(policy, startMs, startMs),
  );
});

test('guessing is let through below the limit, closed at it, and each closing lasts twice as long up to the longest', () => {
  const limit = usualGuessLimits.nameAndAddress;
  let counter: GuessCounter | null = null;
  let nowMs = startMs;
  let lockMs = limit.firstLockMs;
  for (let round = 0; round < 15; round++) {
    for (let failures = 1; failures < limit.failures; failures++) counter = countGuess(counter, limit, nowMs);
    assert.equal(waitSeconds([counter as GuessCounter], nowMs), 0);
    counter = countGuess(counter, limit, nowMs);
    assert.equal(waitSeconds([counter], nowMs), lockMs / 1000);
    nowMs += lockMs;
    lockMs = Math.min(lockMs * 2, limit.longestLockMs);
  }
});

test('failures spread wider than the window never close the door', () => {
  const limit = usualGuessLimits.name;
  let counter: GuessCounter | null = null;
  for (let failures = 0; failures < 1000; failures++)
    counter = countGuess(counter, limit, startMs + failures * limit.windowMs);
  assert.equal(counter?.lockedUntilMs, null);
});

test('every setting has a default that may be set', () => {
  for (const name of settingNames) checkSetting(name, settingValue(new Map(), name));
});

test('the maximum takes 90, 90m, 24h, 30d, 1h30m and nothing; refuses soon, -1, 0, 1.5h by name and cure', () => {
  const name = 'MAXIMUM_REFRESH_TOKEN_LIFETIME';
  const seconds = (value: string): number | null =>
    sessionPolicy(new Map([[name, value]])).maximumRefreshSeconds;
  for (const [value, meant] of [
    ['90', 5400],
    ['90m', 5400],
    ['24h', 86_400],
    ['30d', 2_592_000],
    ['1h30m', 5400],
    ['', null],
  ] as const) {
    checkSetting(name, value);
    assert.equal(seconds(value), meant);
  }
  for (const value of ['soon', '-1', '0', '0h', '1.5h', ' 24h', '30m1h', '1d 2h', '99999999999d']) {
    assert.throws(
      () => checkSetting(name, value),
      (error) => {
        assert.ok(error instanceof ProblemError);
        return (
          error.problem.message ===
          'MAXIMUM_REFRESH_TOKEN_LIFETIME: write a duration such as 24h, 90m or 30d.'
        );
      },
    );
  }
});

test('no text at all makes a setting throw anything but a refusal that names it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...settingNames), fc.string(), (name, value) => {
      try {
        checkSetting(name, value);
      } catch (error) {
        assert.ok(error instanceof ProblemError && error.problem.field === name);
      }
    }),
  );
});
