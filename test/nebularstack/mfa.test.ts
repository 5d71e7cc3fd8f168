/**
 * The second factor: enrolment, codes, recovery codes, and every door that asks for it. Spec nebularstack §6 V1-4, §7 V2-5
 * and V2-13, §10; acceptance 11, 19, 22–24.
 *
 * All codes are made by a program of the world that is not ours: see test/harness/authenticator.ts.
 * @module
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { otpAt } from '../harness/authenticator.ts';
import type { Answer } from '../harness/http.ts';
import { auditEntries, readTables } from '../harness/stored.ts';
import {
  type Account,
  assertExpired,
  assertForbidden,
  assertMalformed,
  assertOtpRequired,
  assertUnauthorized,
  type Device,
  day,
  decodeJwt,
  deviceOf,
  errorOf,
  hour,
  noContent,
  ok,
  onEachEngine,
  scopeOf,
  wrongCode,
} from './dialect.ts';
import { loseSecondFactorSecret } from './tampering.ts';

onEachEngine((dialect) => {
  let acme = '';
  let alpha = '';
  before(async () => {
    acme = await dialect.createDomain();
    alpha = await dialect.createTenant(acme);
  });

  const newUser = (): Promise<Account> =>
    dialect.createUser(acme, ['Support', acme], ['Customer', acme, alpha]);
  const withDevice = async (): Promise<[Account, Device]> => {
    const user = await newUser();
    return [user, await dialect.enableMfa(user)];
  };
  const logins = [
    (account: Account, fields?: object) => dialect.v1(account, fields),
    (account: Account, fields?: object) => dialect.v2(account, fields),
    (account: Account, fields?: object) => dialect.v3(account, fields),
  ];

  describe('a login of who has a second factor', () => {
    test('without otp is told that one is due, but only when the password was right (11)', async () => {
      const [user] = await withDevice();
      for (const logIn of logins) {
        assertOtpRequired(await logIn(user));
        assertOtpRequired(await logIn(user, { otp: null }));
        const wrong = await logIn({ ...user, password: 'Wrong-pass1' });
        assertUnauthorized(wrong);
        assert.ok(!('code' in wrong.body.error));
      }
      const nobody = await dialect.v1({ ...user, username: 'nobody-here' });
      assertUnauthorized(nobody);
    });

    test('with the right otp gives a standard token that says so', async () => {
      const [user, device] = await withDevice();
      for (const [at, logIn] of logins.entries()) {
        const otp = device.fresh();
        const { token, roles } = ok(
          await logIn(user, at === 1 ? { otp } : { credentials: { password: user.password, otp } }),
        ).body;
        const { type, amr } = decodeJwt(token).claims;
        assert.deepEqual([type, amr], ['standard', ['pwd', 'otp']]);
        if (at < 2) assert.deepEqual(roles, ['Support']);
      }
    });

    test('spends the otp even when the scope is refused (C8)', async () => {
      const [user, device] = await withDevice();
      const otp = device.fresh();
      assertForbidden(await dialect.v2(user, { otp, user_domain: acme, domain: 'nowhere.example' }));
      assertUnauthorized(await dialect.v2(user, { otp }));
    });

    test('who has none is not asked, whatever otp is sent', async () => {
      const user = await newUser();
      for (const logIn of logins) ok(await logIn(user, { otp: '000000' }));
    });
  });

  describe('an otp', () => {
    test('counts once, in all versions and for all purposes together (22)', async () => {
      const [user, device] = await withDevice();
      const otp = device.fresh();
      ok(await dialect.v1(user, { otp }));
      for (const logIn of logins) assertUnauthorized(await logIn(user, { otp }));
      const next = device.fresh();
      const { token } = ok(await dialect.v2(user, { otp: next })).body;
      const purposes: readonly ['PATCH' | 'POST' | 'PUT', string, object][] = [
        ['PATCH', '/v2/token', { domain: acme }],
        ['POST', '/v1/mfa/recovery', {}],
        ['POST', '/v1/mfa/disable', {}],
        ['PUT', '/v1/password', { new_password: 'Another-pass-123' }],
      ];
      for (const [method, path, fields] of purposes) {
        const body = { ...fields, password: user.password, otp: next };
        assertUnauthorized(await dialect.call(method, path, { token, body }));
      }
    });

    test('of many requests at once with the same one exactly one is let in (22)', async () => {
      const [user, device] = await withDevice();
      for (let round = 0; round < 2; round += 1) {
        const otp = device.fresh();
        const answers = await Promise.all(
          [...logins, ...logins].slice(0, 5).map((logIn) => logIn(user, { otp })),
        );
        const statuses = answers.map(({ status }) => status).toSorted((one, two) => one - two);
        assert.deepEqual(statuses, [200, 401, 401, 401, 401]);
        // Else the failures would add up to a lock of the name.
        dialect.advance(2 * hour);
      }
    });

    test('of the step before and the step after is taken, two steps away is not; steps only go forward (22)', async () => {
      const [user, device] = await withDevice();
      dialect.advance(hour);
      dialect.toNextStep();
      const [tooOld, before, now, next, tooNew] = [-2, -1, 0, 1, 2].map((steps) => device.code(steps));
      assertUnauthorized(await dialect.v1(user, { otp: tooOld }));
      assertUnauthorized(await dialect.v1(user, { otp: tooNew }));
      ok(await dialect.v1(user, { otp: before }));
      ok(await dialect.v2(user, { otp: now }));
      ok(await dialect.v3(user, { otp: next }));
      for (const otp of [before, now, next]) assertUnauthorized(await dialect.v1(user, { otp }));
    });

    test('later than the one used makes the earlier ones void', async () => {
      const [user, device] = await withDevice();
      dialect.toNextStep();
      const [before, now, next] = [-1, 0, 1].map((steps) => device.code(steps));
      ok(await dialect.v1(user, { otp: next }));
      assertUnauthorized(await dialect.v1(user, { otp: now }));
      assertUnauthorized(await dialect.v1(user, { otp: before }));
    });

    test('of another user is none', async () => {
      const [user] = await withDevice();
      const [, foreign] = await withDevice();
      assertUnauthorized(await dialect.v1(user, { otp: foreign.fresh() }));
      assertUnauthorized(await dialect.v1(user, { otp: foreign.recoveryCodes[0] }));
    });
  });

  describe('a rescope of a standard token with the password', () => {
    test('needs an otp when there is a second factor; with the refresh token none (19)', async () => {
      const [user, device] = await withDevice();
      const { token, refresh_token: refreshToken } = ok(await dialect.v2(user, { otp: device.fresh() })).body;
      const patch = (fields: object): Promise<Answer> =>
        dialect.call('PATCH', '/v2/token', { token, body: { tenant_id: alpha, ...fields } });
      assertOtpRequired(await patch({ password: user.password }));
      assertUnauthorized(await patch({ password: user.password, otp: wrongCode(device) }));
      assertUnauthorized(await patch({ password: 'Wrong-pass1' }));
      const { body } = ok(await patch({ password: user.password, otp: device.fresh() }));
      assert.deepEqual(
        [body.type, body.refresh_token, scopeOf(body).roles],
        ['standard', refreshToken, ['Customer', 'Support']],
      );
      ok(await patch({ refresh_token: refreshToken }));
    });

    test('of a minimal token needs none, and the token stays minimal', async () => {
      const [user] = await withDevice();
      const { token } = ok(await dialect.v2(user, { type: 'minimal' })).body;
      const { body } = ok(
        await dialect.call('PATCH', '/v2/token', {
          token,
          body: { tenant_id: alpha, password: user.password },
        }),
      );
      assert.deepEqual([body.type, body.roles], ['minimal', []]);
    });
  });

  describe('recovery codes', () => {
    test('are ten, differ, and each logs in once; `amr` says by what (23)', async () => {
      const [user, device] = await withDevice();
      assert.equal(new Set(device.recoveryCodes).size, 10);
      for (const [at, otp] of device.recoveryCodes.slice(0, 3).entries()) {
        const { token } = ok(await (logins[at] ?? dialect.v1)(user, { otp })).body;
        assert.deepEqual(decodeJwt(token).claims.amr, ['pwd', 'recovery']);
        for (const logIn of logins) assertUnauthorized(await logIn(user, { otp }));
        dialect.advance(2 * hour);
      }
    });

    test('let in one of many who use the same at once', async () => {
      const [user, device] = await withDevice();
      const otp = device.recoveryCodes[0];
      const answers = await Promise.all(
        [...logins, ...logins].slice(0, 5).map((logIn) => logIn(user, { otp })),
      );
      assert.deepEqual(
        answers.map(({ status }) => status).toSorted((one, two) => one - two),
        [200, 401, 401, 401, 401],
      );
    });

    test('are replaced by ten new ones, for password and otp', async () => {
      const [user, device] = await withDevice();
      const { token } = ok(await dialect.v1(user, { otp: device.fresh() })).body;
      const renew = (fields: object): Promise<Answer> =>
        dialect.call('POST', '/v1/mfa/recovery', { token, body: { password: user.password, ...fields } });
      assertOtpRequired(await renew({}));
      assertUnauthorized(await renew({ otp: device.fresh(), password: 'Wrong-pass1' }));
      const { recovery_codes: codes } = ok(await renew({ otp: device.fresh() })).body;
      assert.equal(new Set([...codes, ...device.recoveryCodes]).size, 20);
      assertUnauthorized(await dialect.v1(user, { otp: device.recoveryCodes[1] }));
      ok(await dialect.v1(user, { otp: codes[1] }));
    });

    test('are not among what is stored, nor is the secret', async () => {
      const [, device] = await withDevice();
      const secret = new URL(device.uri).searchParams.get('secret') ?? '';
      assert.ok(secret.length >= 32, '160 bits in base32');
      const stored = JSON.stringify([...(await readTables(dialect.server))]);
      for (const text of [secret, ...device.recoveryCodes]) assert.ok(!stored.includes(text));
    });
  });

  describe('enrolment', () => {
    test('stays off until a first code was right, and asks for the password (23)', async () => {
      const user = await newUser();
      const { token } = ok(await dialect.v1(user)).body;
      const call = (method: 'POST' | 'PUT', body: object): Promise<Answer> =>
        dialect.call(method, '/v1/mfa', { token, body });
      assertUnauthorized(await call('POST', { password: 'Wrong-pass1' }));
      assertMalformed(await call('POST', {}), /password/);
      assert.equal(errorOf(await call('PUT', { otp: '123456' })).status, 400);

      const { body } = ok(await call('POST', { password: user.password }));
      const uri = new URL(body.otpauth_uri);
      assert.equal(uri.searchParams.get('secret'), body.secret);
      assert.match(body.secret, /^[A-Z2-7]{32}$/);
      const parameters = ['algorithm', 'digits', 'period'].map((name) => uri.searchParams.get(name));
      for (const [at, expected] of ['SHA1', '6', '30'].entries()) {
        assert.ok([null, expected].includes(parameters[at] ?? null), `${parameters[at]}`);
      }
      const pending = deviceOf(dialect, body.otpauth_uri);
      assertUnauthorized(await call('PUT', { otp: wrongCode(pending) }));
      assertMalformed(await call('PUT', {}), /otp/);
      ok(await dialect.v1(user));

      // A second attempt replaces what was never proved.
      const again = ok(await call('POST', { password: user.password })).body;
      assert.notEqual(again.secret, body.secret);
      assertUnauthorized(await call('PUT', { otp: pending.fresh() }));
      const device = deviceOf(dialect, again.otpauth_uri);
      const first = device.fresh();
      ok(await call('PUT', { otp: first }));
      assertOtpRequired(await dialect.v1(user));
      assertUnauthorized(await dialect.v1(user, { otp: first }));
      assert.equal(errorOf(await call('POST', { password: user.password })).status, 400, 'already active');
      ok(await dialect.v1(user, { otp: device.fresh() }));
    });

    test('ends the other sessions: their refresh tokens and tokens are 401; the one that enrolled goes on (24)', async () => {
      const user = await newUser();
      const v1 = ok(await dialect.v1(user)).body;
      const standard = ok(await dialect.v2(user)).body;
      const minimal = ok(await dialect.v2(user, { type: 'minimal' })).body;
      const v3 = ok(await dialect.v3(user)).body;
      const own = ok(await dialect.v1(user)).body;
      const device = await dialect.enableMfa(user, own.token);
      for (const { token, refresh_token: refreshToken } of [standard, minimal]) {
        assertUnauthorized(
          await dialect.call('PUT', '/v2/token', { token, body: { refresh_token: refreshToken } }),
        );
      }
      assertUnauthorized(await dialect.call('GET', '/v1/token', { token: v1.token }));
      assertUnauthorized(await dialect.call('GET', '/v1/users', { token: v3.token }));
      ok(await dialect.call('GET', '/v1/token', { token: own.token }));
      assertOtpRequired(await dialect.v2(user));
      const fresh = ok(await dialect.v2(user, { otp: device.fresh() })).body;
      assert.notEqual(fresh.refresh_token, standard.refresh_token);
      ok(await dialect.v2(user, { type: 'minimal' }));
      dialect.advance(2 * hour);
      assertUnauthorized(
        await dialect.call('PUT', '/v2/token', {
          token: standard.token,
          body: { refresh_token: standard.refresh_token },
        }),
      );
    });
  });

  describe('disabling', () => {
    test('needs password and code (23)', async () => {
      const [user, device] = await withDevice();
      const { token } = ok(await dialect.v1(user, { otp: device.fresh() })).body;
      const disable = (body: object): Promise<Answer> =>
        dialect.call('POST', '/v1/mfa/disable', { token, body });
      assertMalformed(await disable({ otp: device.fresh() }), /password/);
      assertOtpRequired(await disable({ password: user.password }));
      assertUnauthorized(await disable({ password: user.password, otp: wrongCode(device) }));
      assertUnauthorized(await disable({ password: 'Wrong-pass1', otp: device.fresh() }));
      assertOtpRequired(await dialect.v1(user));
      noContent(await disable({ password: user.password, otp: device.fresh() }));
      ok(await dialect.v1(user));
    });

    test('by an administrator in whose scope the user is; audited; it ends the user’s sessions', async () => {
      const [user, device] = await withDevice();
      const { token } = ok(await dialect.v1(user, { otp: device.fresh() })).body;
      const helper = await dialect.createUser(acme, ['Identity Administrator', acme]);
      const support = await dialect.createUser(acme, ['Identity Support', acme]);
      const elsewhere = await dialect.createDomain();
      const stranger = await dialect.createUser(elsewhere, ['Identity Administrator', elsewhere]);
      const path = `/v1/user/${user.id}/mfa`;
      for (const account of [support, stranger]) {
        const other = ok(await dialect.v1(account)).body.token;
        assertForbidden(await dialect.call('DELETE', path, { token: other }));
      }
      assertForbidden(await dialect.call('DELETE', path, { token }));
      const before = (await auditEntries(dialect.server, 'second_factor_reset')).length;
      noContent(await dialect.call('DELETE', path, { token: ok(await dialect.v1(helper)).body.token }));
      assert.equal((await auditEntries(dialect.server, 'second_factor_reset')).length, before + 1);
      assertUnauthorized(await dialect.call('GET', '/v1/token', { token }));
      ok(await dialect.v1(user));
    });
  });

  describe('a password change', () => {
    test('needs the password, and an otp where there is a second factor; it ends the other sessions', async () => {
      const [user, device] = await withDevice();
      const other = ok(await dialect.v2(user, { otp: device.fresh() })).body;
      const { token } = ok(await dialect.v1(user, { otp: device.fresh() })).body;
      const newPassword = 'Brand-new-pass-7';
      const change = (body: object): Promise<Answer> => dialect.call('PUT', '/v1/password', { token, body });
      assertMalformed(await change({ password: user.password }), /new_password/, user.password);
      assertMalformed(await change({ new_password: newPassword }), /password/, newPassword);
      assertOtpRequired(await change({ password: user.password, new_password: newPassword }));
      assertUnauthorized(
        await change({ password: 'Wrong-pass1', new_password: newPassword, otp: device.fresh() }),
      );
      noContent(await change({ password: user.password, new_password: newPassword, otp: device.fresh() }));
      ok(await dialect.call('GET', '/v1/token', { token }));
      assertUnauthorized(
        await dialect.call('PUT', '/v2/token', {
          token: other.token,
          body: { refresh_token: other.refresh_token },
        }),
      );
      assertUnauthorized(await dialect.v1(user, { otp: device.fresh() }));
      ok(await dialect.v1({ ...user, password: newPassword }, { otp: device.fresh() }));
    });
  });

  test('a second factor whose secret is lost lets no standard login in, ever; a minimal one still (F6)', async () => {
    const [user, device] = await withDevice();
    await loseSecondFactorSecret(dialect.server, user.id);
    for (const logIn of logins) {
      assert.equal((await logIn(user)).status, 401);
      assertUnauthorized(await logIn(user, { otp: device.fresh() }));
    }
    dialect.advance(day);
    const { body } = ok(await dialect.v2(user, { type: 'minimal' }));
    assert.deepEqual([body.type, body.roles], ['minimal', []]);
    dialect.advance(2 * hour);
    assertExpired(await dialect.call('GET', '/v1/access', { token: body.token }));
  });

  test('the secret is never shown again', async () => {
    const [user, device] = await withDevice();
    const secret = new URL(device.uri).searchParams.get('secret') ?? '';
    const token = await dialect.operator();
    const shown = ok(await dialect.call('GET', `/v1/user/${user.id}`, { token }));
    assert.ok(!shown.text.includes(secret));
    assert.equal(shown.body.mfa_enabled, true);
    assert.equal(errorOf(await dialect.call('GET', '/v1/mfa', { token })).status, 405);
  });

  test('the codes of RFC 6238 appendix B are the authenticator’s, so that these tests test something', () => {
    // Secret "12345678901234567890"; eight digits in the RFC, of which an app of six shows the last.
    const uri = 'otpauth://totp/t?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    const vectors: readonly [seconds: number, code: string][] = [
      [59, '287082'],
      [1_111_111_109, '081804'],
      [1_234_567_890, '005924'],
      [20_000_000_000, '353130'],
    ];
    for (const [seconds, code] of vectors) assert.equal(otpAt(uri, seconds * 1000), code);
  });
});
