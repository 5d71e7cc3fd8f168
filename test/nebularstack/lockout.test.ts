/** Guessing is slowed, and tells nothing. Spec nebularstack §4, E1–E4; acceptance 32. @module */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Answer } from '../harness/http.ts';
import { someAddress } from './call.ts';
import {
  type Account,
  assertMalformed,
  assertOtpRequired,
  assertUnauthorized,
  errorOf,
  hour,
  minute,
  ok,
  onEachEngine,
  second,
  withoutRequestId,
  wrongCode,
} from './dialect.ts';

/** Wrong attempts from one address that are looked at within 15 minutes. */
const allowed = 5;

onEachEngine((dialect) => {
  let acme = '';
  before(async () => {
    acme = await dialect.createDomain();
  });

  const newUser = (): Promise<Account> => dialect.createUser(acme, ['Support', acme]);
  const wrong = (account: Account): Account => ({ ...account, password: 'Wrong-pass1' });

  /** Seconds to wait, of an answer that must be a 429. */
  const retryAfter = (answer: Answer): number => {
    assert.equal(errorOf(answer).status, 429, answer.text);
    const text = answer.headers.get('retry-after') ?? '';
    assert.match(text, /^[1-9]\d*$/);
    return Number(text);
  };

  test('the sixth failure from one address is 429, whichever versions they came by, and so is the right password then (32)', async () => {
    const user = await newUser();
    const from = someAddress();
    const attempts = [dialect.v1, dialect.v2, dialect.v3, dialect.v1, dialect.v2];
    for (const attempt of attempts) assertUnauthorized(await attempt(wrong(user), {}, { from }));
    for (const attempt of attempts) {
      retryAfter(await attempt(wrong(user), {}, { from }));
      retryAfter(await attempt(user, {}, { from }));
    }
    retryAfter(await dialect.v2(user, { type: 'minimal' }, { from }));
    ok(await dialect.v1(user, {}, { from: someAddress() }));
  });

  test('an unknown name is answered byte for byte like a known one (32)', async () => {
    const known = await newUser();
    const unknown = { ...known, username: 'no-such-name' };
    const seen = await Promise.all(
      [known, unknown].map(async (account) => {
        const from = someAddress();
        const answers: Answer[] = [];
        for (let count = 0; count < allowed + 2; count += 1) {
          answers.push(await dialect.v1(wrong(account), {}, { from }));
        }
        const last = answers.at(-1);
        assert.ok(last);
        assert.ok(retryAfter(last) > 0);
        return answers.map(withoutRequestId);
      }),
    );
    assert.deepEqual(seen[0], seen[1]);
  });

  test('when the time is over the right password works; each new lock is twice as long', async () => {
    const user = await newUser();
    const from = someAddress();
    const lock = async (): Promise<number> => {
      for (let count = 0; count < allowed; count += 1) {
        assertUnauthorized(await dialect.v1(wrong(user), {}, { from }));
      }
      return retryAfter(await dialect.v1(wrong(user), {}, { from }));
    };
    const first = await lock();
    dialect.advance((first + 1) * second);
    const next = await lock();
    // Each is told a moment after it began: ten seconds are for a busy machine.
    assert.ok(Math.abs(next - 2 * first) <= 10, `${next} s after ${first} s`);
    dialect.advance((next - 5) * second);
    retryAfter(await dialect.v1(user, {}, { from }));
    dialect.advance(10 * second);
    ok(await dialect.v1(user, {}, { from }));
  });

  test('a complete login clears what was counted for that name and address; four failures more are looked at', async () => {
    const user = await newUser();
    const from = someAddress();
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < allowed - 1; count += 1) {
        assertUnauthorized(await dialect.v2(wrong(user), {}, { from }));
      }
      ok(await dialect.v2(user, {}, { from }));
    }
  });

  test('failures more than 15 minutes apart do not add up', async () => {
    const user = await newUser();
    const from = someAddress();
    for (let count = 0; count < 2 * allowed; count += 1) {
      assertUnauthorized(await dialect.v1(wrong(user), {}, { from }));
      dialect.advance(5 * minute);
    }
    ok(await dialect.v1(user, {}, { from }));
  });

  describe('with a second factor', () => {
    test('wrong otps count like wrong passwords; "otp required" neither counts nor clears', async () => {
      const user = await newUser();
      const device = await dialect.enableMfa(user);
      const from = someAddress();
      for (let count = 0; count < 2 * allowed; count += 1) {
        assertOtpRequired(await dialect.v1(user, {}, { from }));
      }
      const otp = wrongCode(device);
      for (let count = 0; count < allowed; count += 1) {
        assertUnauthorized(await dialect.v2(user, { otp }, { from }));
        if (count < allowed - 1) assertOtpRequired(await dialect.v3(user, {}, { from }));
      }
      retryAfter(await dialect.v1(user, {}, { from }));
      const spare = device.fresh();
      retryAfter(await dialect.v1(user, { otp: spare }, { from }));
      ok(await dialect.v1(user, { otp: spare }, { from: someAddress() }));
    });

    test('a minimal login, which no otp completes, clears no count of wrong otps', async () => {
      const user = await newUser();
      const device = await dialect.enableMfa(user);
      const from = someAddress();
      const otp = wrongCode(device);
      for (let count = 0; count < allowed; count += 1) {
        ok(await dialect.v2(user, { type: 'minimal' }, { from }));
        assertUnauthorized(await dialect.v2(user, { otp }, { from }));
      }
      retryAfter(await dialect.v2(user, { otp: device.fresh() }, { from }));
    });
  });

  test('wrong refresh tokens and wrong passwords at a rescope count too', async () => {
    const [user, other] = [await newUser(), await newUser()];
    const from = someAddress();
    const { token } = ok(await dialect.v2(user, {}, { from })).body;
    const { refresh_token: foreign } = ok(await dialect.v2(other)).body;
    const failures: readonly ['PUT' | 'PATCH', object][] = [
      ['PUT', { refresh_token: foreign }],
      ['PATCH', { domain: acme, refresh_token: foreign }],
      ['PATCH', { domain: acme, password: 'Wrong-pass1' }],
      ['PUT', { refresh_token: `${foreign.slice(0, -1)}!` }],
      ['PUT', { refresh_token: foreign }],
    ];
    for (const [method, body] of failures) {
      assertUnauthorized(await dialect.call(method, '/v2/token', { token, body, from }));
    }
    retryAfter(await dialect.v2(user, {}, { from }));
    retryAfter(
      await dialect.call('PATCH', '/v2/token', {
        token,
        body: { domain: acme, password: user.password },
        from,
      }),
    );
  });

  test('one name is slowed from all addresses after twenty failures, one address for all names after a hundred', async () => {
    dialect.advance(25 * hour);
    const user = await newUser();
    for (let count = 0; count < 20; count += 1) assertUnauthorized(await dialect.v1(wrong(user)));
    retryAfter(await dialect.v1(wrong(user)));
    retryAfter(await dialect.v3(user));
    const other = await newUser();
    ok(await dialect.v1(other));

    const from = someAddress();
    for (let count = 0; count < 100; count += 10) {
      const names = Array.from({ length: 10 }, (_, at) => `nobody-${count + at}`);
      const answers = await Promise.all(
        names.map((username) => dialect.v1({ ...other, username }, {}, { from })),
      );
      answers.forEach(assertUnauthorized);
    }
    retryAfter(await dialect.v1(other, {}, { from }));
    ok(await dialect.v1(other));
  });
});

onEachEngine(
  (dialect) => {
    test('the numbers, the longest life of V1 and the name of the region are the operator’s to set', async () => {
      const acme = await dialect.createDomain();
      const user = await dialect.createUser(acme, ['Support', acme]);
      const wrong = { ...user, password: 'Wrong-pass1' };
      const from = someAddress();
      for (const attempt of [dialect.v1, dialect.v2]) assertUnauthorized(await attempt(wrong, {}, { from }));
      assert.equal(errorOf(await dialect.v3(user, {}, { from })).status, 429);
      ok(await dialect.v1(user));
      assertUnauthorized(await dialect.v1(wrong));
      assert.equal(errorOf(await dialect.v1(user)).status, 429, 'the third failure of the name');

      dialect.advance(25 * hour);
      const names = ['one', 'two', 'three', 'four', 'five'];
      for (const username of names)
        assertUnauthorized(await dialect.v1({ ...wrong, username }, {}, { from }));
      assert.equal(errorOf(await dialect.v2(user, {}, { from })).status, 429, 'the fifth of the address');
      ok(await dialect.v2(user));

      ok(await dialect.v1(user, { expires_in: 7200 }));
      assertMalformed(await dialect.v1(user, { expires_in: 7201 }), /expires_in/);
      const { payload } = ok(await dialect.call('GET', '/v1/endpoints')).body;
      assert.ok(payload.every(({ region }: { region: string }) => region === 'south'));
    });
  },
  {
    env: {
      TESSERA_NEBULARSTACK_LOCKOUT: '2/15m 3/60m 5/15m',
      TESSERA_NEBULARSTACK_V1_MAX_LIFETIME: '2h',
      TESSERA_REGION: 'south',
    },
  },
);
