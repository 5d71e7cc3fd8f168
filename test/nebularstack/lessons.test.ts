/**
 * What went wrong elsewhere, each tried here. Spec nebularstack §12: requirements from published defects of OpenStack
 * Keystone. What other files try already is named there and not repeated.
 * @module
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Answer } from '../harness/http.ts';
import type { Method } from './call.ts';
import {
  type Account,
  assertExpired,
  assertForbidden,
  assertOtpRequired,
  assertUnauthorized,
  day,
  decodeJwt,
  hour,
  minute,
  ok,
  onEachEngine,
  scopeOf,
  second,
} from './dialect.ts';
import { loseSecondFactorSecret } from './tampering.ts';

const maximumAge = 'MAXIMUM_SESSION_LIFETIME';

onEachEngine((dialect) => {
  let acme = '';
  let [alpha, beta] = ['', ''];
  before(async () => {
    acme = await dialect.createDomain();
    [alpha, beta] = [await dialect.createTenant(acme), await dialect.createTenant(acme)];
  });
  const newUser = (): Promise<Account> =>
    dialect.createUser(acme, ['Support', acme], ['Customer', acme, alpha]);
  const put2 = ({
    token,
    refresh_token: refreshToken,
  }: {
    token: string;
    refresh_token: string;
  }): Promise<Answer> => dialect.call('PUT', '/v2/token', { token, body: { refresh_token: refreshToken } });

  describe('L1: rescoping gives no life without end (CVE-2026-44394)', () => {
    test('V1: a hundred rescopes later the token ends when the first would have', async () => {
      const login = ok(await dialect.v1(await newUser())).body;
      let { token } = login;
      for (let count = 0; count < 100; count += 1) {
        const target = count % 2 === 0 ? { tenant_id: alpha } : { domain: acme };
        const { body } = ok(await dialect.call('PATCH', '/v1/token', { token, body: target }));
        assert.equal(body.exp, login.exp);
        token = body.token;
        dialect.advance(30 * second);
      }
      dialect.advance(11 * minute);
      assertExpired(await dialect.call('PATCH', '/v1/token', { token, body: { domain: acme } }));
      assertExpired(await dialect.call('PUT', '/v1/token', { token }));
    });

    test('whatever extends life ends with the greatest age of a session, in all versions, until a complete login', async () => {
      const user = await newUser();
      await dialect.setProperty(maximumAge, '3h');
      try {
        const v1 = ok(await dialect.v1(user)).body;
        const v2 = ok(await dialect.v2(user)).body;
        const v3 = ok(await dialect.v3(user, {}, { headers: { 'X-Domain': acme } })).body;
        const use3 = (): Promise<Answer> => dialect.call('GET', '/v1/users', { token: v3.token });
        const end = decodeJwt(v2.token).claims.auth_time + 3 * 3600;
        let [one, two] = [v1, v2];
        for (let round = 0; round < 3; round += 1) {
          dialect.advance(50 * minute);
          one = ok(await dialect.call('PUT', '/v1/token', { token: one.token })).body;
          two = ok(
            await dialect.call('PATCH', '/v2/token', {
              token: two.token,
              body: { tenant_id: alpha, refresh_token: two.refresh_token },
            }),
          ).body;
          ok(await use3());
          assert.ok(one.exp <= end + 2 && two.exp <= end + 2 && two.refresh_exp <= end + 2);
        }
        dialect.advance(31 * minute);
        assertExpired(await dialect.call('PUT', '/v1/token', { token: one.token }));
        assertExpired(await dialect.call('PATCH', '/v1/token', { token: one.token, body: { domain: acme } }));
        assertExpired(await put2(two));
        assertExpired(await use3());
        const fresh = ok(await dialect.v2(user)).body;
        assert.ok(fresh.exp > end);
        ok(await put2(fresh));
      } finally {
        await dialect.setProperty(maximumAge, '');
      }
    });
  });

  test('L2: a ban on rescoping knows no kind of scope it forgot: another version’s token is refused for every target (LP 2144966)', async () => {
    const user = await newUser();
    const v3 = ok(await dialect.v3(user)).body.token;
    const v1 = ok(await dialect.v1(user)).body.token;
    const minimal = ok(await dialect.v2(user, { type: 'minimal' })).body;
    const targets = [
      {},
      { domain: acme },
      { tenant_id: alpha },
      { domain: acme, tenant_id: alpha },
      { domain: null },
      { tenant_id: null },
      { domain: null, tenant_id: null },
      { domain: acme, tenant_id: null },
      { system: { all: true } },
      { scope: { project: alpha } },
      { 'OS-TRUST:trust': 'x', domain: acme },
    ];
    for (const target of targets) {
      const withToken = { ...target, refresh_token: minimal.refresh_token };
      const tries: readonly [Method, string, string, object][] = [
        ['PATCH', '/v1/token', v3, target],
        ['PATCH', '/v2/token', v3, withToken],
        ['PATCH', '/v2/token', v1, withToken],
        ['PATCH', '/v1/token', minimal.token, target],
      ];
      for (const [method, path, token, body] of tries) {
        const { status } = await dialect.call(method, path, { token, body });
        // Without a target the body itself is at fault, and is told so first (V2-11).
        assert.ok(status === 403 || status === 400, `${path} ${JSON.stringify(target)}: ${status}`);
        if ('domain' in target || 'tenant_id' in target) assert.equal(status, 403, JSON.stringify(target));
      }
      const own = await dialect.call('PATCH', '/v2/token', { token: minimal.token, body: withToken });
      if (own.status === 200) assert.deepEqual([own.body.type, own.body.roles], ['minimal', []]);
    }
  });

  test('L3: who it is comes from the credential alone: user, name and type of a body change nothing (CVE-2026-42998)', async () => {
    const [user, victim] = [await newUser(), await dialect.createUser(acme, ['Administrator', acme])];
    const lies = {
      user_id: victim.id,
      username: victim.username,
      user_domain: acme,
      user: { id: victim.id },
      type: 'standard',
      roles: ['Administrator'],
      ver: 1,
      sid: 'x',
    };
    const v1 = ok(await dialect.v1(user)).body;
    const v2 = ok(await dialect.v2(user)).body;
    const minimal = ok(await dialect.v2(user, { type: 'minimal' })).body;
    const tries: readonly [Method, string, string, object, type: string][] = [
      ['PATCH', '/v1/token', v1.token, { domain: acme }, 'standard'],
      ['PUT', '/v1/token', v1.token, {}, 'standard'],
      ['PATCH', '/v2/token', v2.token, { domain: acme, refresh_token: v2.refresh_token }, 'standard'],
      ['PATCH', '/v2/token', v2.token, { domain: acme, password: user.password }, 'standard'],
      ['PUT', '/v2/token', v2.token, { refresh_token: v2.refresh_token }, 'standard'],
      ['PUT', '/v2/token', minimal.token, { refresh_token: minimal.refresh_token }, 'minimal'],
      [
        'PATCH',
        '/v2/token',
        minimal.token,
        { domain: acme, refresh_token: minimal.refresh_token },
        'minimal',
      ],
    ];
    for (const [method, path, token, body, type] of tries) {
      const answer = ok(await dialect.call(method, path, { token, body: { ...body, ...lies } })).body;
      const { claims } = decodeJwt(answer.token);
      assert.deepEqual([answer.user_id, answer.username], [user.id, user.username]);
      assert.deepEqual([claims.user_id, claims.username, claims.type], [user.id, user.username, type]);
      assert.deepEqual(answer.roles, type === 'minimal' ? [] : ['Support']);
    }
    const password = { domain: acme, password: victim.password, ...lies };
    assertUnauthorized(await dialect.call('PATCH', '/v2/token', { token: v2.token, body: password }));
    ok(await dialect.v3(user, { user_id: victim.id, user: { id: victim.id }, roles: ['Administrator'] }));
  });

  test('L4: a member of the body is never taken for what decides: names like those of claims and principals do nothing (CVE-2026-42999)', async () => {
    const user = await newUser();
    const { token } = ok(await dialect.v1(user)).body;
    const own = {
      caller: { roles: ['Administrator'] },
      principal: { roles: ['Administrator'], userId: 'x' },
      roles: ['Administrator'],
      token: { roles: ['Administrator'], type: 'standard' },
      tokenKind: 'standard',
      context: { domain: null, tenant_id: null },
      target: { domain: acme },
      enabled: true,
      is_admin: true,
    };
    const text = JSON.stringify({ ...own, name: 'Changed' });
    const withPrototype = `${text.slice(0, -1)},"__proto__":{"roles":["Root"]},"constructor":{"prototype":{"roles":["Root"]}}}`;
    const tries: readonly [Method, string][] = [
      ['PATCH', `/v1/user/${user.id}`],
      ['POST', `/v1/user/${user.id}/assignment/Administrator/${acme}`],
      ['DELETE', `/v1/user/${user.id}/mfa`],
      ['PATCH', `/v1/tenant/${alpha}`],
      ['PATCH', `/v1/domain/${acme}`],
    ];
    for (const [method, path] of tries) {
      for (const body of [text, withPrototype]) {
        const { status } = await dialect.call(method, path, { token, body });
        assert.ok(
          status === 403 || (status === 400 && body === withPrototype),
          `${method} ${path}: ${status}`,
        );
      }
      const query = 'roles=Administrator&type=standard&user_id=x&enabled=true';
      assertForbidden(await dialect.call(method, `${path}?${query}`, { token, body: text }));
    }
    const rescoped = ok(
      await dialect.call('PATCH', '/v1/token', { token, body: { ...own, tenant_id: alpha } }),
    ).body;
    assert.deepEqual(scopeOf(rescoped).roles, ['Customer', 'Support']);
  });

  test('L5: a minimal token reads or changes no second factor and no password, after any rescope either (CVE-2026-43000, LP 2150089)', async () => {
    const user = await dialect.createUser(acme, ['Administrator', acme], ['Administrator', acme, alpha]);
    const login = ok(await dialect.v2(user, { type: 'minimal', domain: undefined, user_domain: acme })).body;
    let { token } = login;
    const secrets = { password: user.password, otp: '123456', new_password: 'Brand-new-pass-7' };
    for (const target of [null, { domain: acme }, { tenant_id: alpha }, { domain: null }]) {
      if (target !== null) {
        const body = { ...target, refresh_token: login.refresh_token };
        token = ok(await dialect.call('PATCH', '/v2/token', { token, body })).body.token;
      }
      const tries: readonly [Method, string, object?][] = [
        ['POST', '/v1/mfa', secrets],
        ['PUT', '/v1/mfa', secrets],
        ['POST', '/v1/mfa/recovery', secrets],
        ['POST', '/v1/mfa/disable', secrets],
        ['PUT', '/v1/password', secrets],
        ['DELETE', `/v1/user/${user.id}/mfa`],
        ['PATCH', `/v1/user/${user.id}`, { password: secrets.new_password }],
        ['GET', `/v1/user/${user.id}`],
      ];
      for (const [method, path, body] of tries) {
        assertForbidden(await dialect.call(method, path, { token, ...(body && { body }) }));
      }
    }
    ok(await dialect.v1(user));
  });

  test('L6: a second factor that nothing can check is never "no second factor" (LP 2102096)', async () => {
    const user = await newUser();
    await dialect.enableMfa(user);
    await loseSecondFactorSecret(dialect.server, user.id);
    for (const otp of [undefined, '', '000000', 'x']) {
      for (const logIn of [dialect.v1, dialect.v2, dialect.v3]) {
        assert.equal((await logIn(user, { otp })).status, 401, String(otp));
      }
      dialect.advance(2 * hour);
    }
  });

  describe('L7: nothing outlives what it was got with (CVE-2022-2447)', () => {
    test('an access token ends with its session at the latest', async () => {
      const user = await newUser();
      await dialect.setProperty(maximumAge, '20m');
      try {
        const v2 = ok(await dialect.v2(user)).body;
        for (const { token, exp } of [ok(await dialect.v1(user, { expires_in: 3600 })).body, v2]) {
          const { auth_time: authTime } = decodeJwt(token).claims;
          assert.ok(exp <= authTime + 20 * 60 + 1, `${exp - authTime} s`);
          assert.equal(decodeJwt(token).claims.exp, exp);
        }
        assert.ok(v2.exp <= v2.refresh_exp);
      } finally {
        await dialect.setProperty(maximumAge, '');
      }
    });

    test('after every mint of V2 `exp` is not beyond `refresh_exp`', async () => {
      const user = await newUser();
      let pair = ok(await dialect.v2(user)).body;
      for (const wait of [0, hour, 29 * day, 29 * day + 23 * hour]) {
        dialect.advance(wait);
        pair = ok(await put2(pair)).body;
        assert.ok(pair.exp <= pair.refresh_exp);
      }
    });

    test('a refresh token is no longer good when the password by which it was got is another', async () => {
      const user = await newUser();
      const pair = ok(await dialect.v2(user)).body;
      await dialect.changeUser(user, { password: 'Given-by-admin-1' });
      assertUnauthorized(await put2(pair));
    });
  });

  test('L8: a disabled user has no live token, at any mint, renewal, rescope or use; nor has one whose home domain is (LP 2122615)', async () => {
    const home = await dialect.createDomain();
    const users = [await newUser(), await dialect.createUser(home, ['Support', home], ['Support', acme])];
    const sessions = await Promise.all(
      users.map(async (user) => ({
        v1: ok(await dialect.v1(user)).body,
        v2: ok(await dialect.v2(user)).body,
        v3: ok(await dialect.v3(user, {}, { headers: { 'X-Domain': user.domain } })).body,
        user,
      })),
    );
    const [first] = users;
    assert.ok(first);
    await dialect.changeUser(first, { enabled: false });
    await dialect.changeDomain(home, { enabled: false });
    for (const { v1, v2, v3, user } of sessions) {
      const tries: readonly [Method, string, string, object?][] = [
        ['GET', '/v1/token', v1.token],
        ['PUT', '/v1/token', v1.token],
        ['PATCH', '/v1/token', v1.token, { domain: acme }],
        ['PUT', '/v2/token', v2.token, { refresh_token: v2.refresh_token }],
        ['PATCH', '/v2/token', v2.token, { domain: acme, refresh_token: v2.refresh_token }],
        ['PATCH', '/v2/token', v2.token, { domain: acme, password: user.password }],
        ['GET', '/v1/users', v1.token],
        ['GET', '/v1/users', v2.token],
        ['GET', '/v1/users', v3.token],
        ['GET', '/v1/access', v2.token],
      ];
      for (const [method, path, token, body] of tries) {
        assertUnauthorized(await dialect.call(method, path, { token, ...(body && { body }) }));
      }
      for (const logIn of [dialect.v1, dialect.v2, dialect.v3]) assertUnauthorized(await logIn(user));
    }
  });

  test('L9: an otp or a recovery code sent again is refused, at once and later, at the same place and at another (LP 1872737)', async () => {
    const user = await newUser();
    const device = await dialect.enableMfa(user);
    for (const otp of [device.fresh(), device.recoveryCodes[0]]) {
      const answers = await Promise.all(
        [dialect.v1, dialect.v2, dialect.v3].map((logIn) => logIn(user, { otp })),
      );
      assert.deepEqual(
        answers.map(({ status }) => status).toSorted((one, two) => one - two),
        [200, 401, 401],
      );
      const won = answers.find(({ status }) => status === 200)?.body.token;
      assertUnauthorized(await dialect.v1(user, { otp }));
      const body = { password: user.password, otp };
      assertUnauthorized(await dialect.call('POST', '/v1/mfa/disable', { token: won, body }));
      dialect.advance(2 * hour);
      assertUnauthorized(await dialect.v2(user, { otp }));
    }
    assertOtpRequired(await dialect.v1(user));
  });

  describe('L10: how the caller was authenticated decides, never the scope', () => {
    test('a rescope keeps what the session is, and a scope with more roles opens no door that its kind shuts', async () => {
      const user = await dialect.createUser(
        acme,
        ['Subscriber Support', acme],
        ['Administrator', acme, beta],
      );
      const minimal = ok(await dialect.v2(user, { type: 'minimal' })).body;
      const into = { tenant_id: beta, refresh_token: minimal.refresh_token };
      const rescoped = ok(
        await dialect.call('PATCH', '/v2/token', { token: minimal.token, body: into }),
      ).body;
      for (const claim of ['type', 'ver', 'sid', 'user_id', 'auth_time', 'amr']) {
        assert.deepEqual(
          decodeJwt(rescoped.token).claims[claim],
          decodeJwt(minimal.token).claims[claim],
          claim,
        );
      }
      assertForbidden(await dialect.call('GET', '/v1/users', { token: rescoped.token }));
      const standard = ok(await dialect.v2(user, { tenant_id: beta })).body;
      ok(await dialect.call('GET', '/v1/users', { token: standard.token }));
      assert.notEqual(standard.refresh_token, minimal.refresh_token);
      assertUnauthorized(await put2({ token: rescoped.token, refresh_token: standard.refresh_token }));
    });

    test('a renewal never loses the chosen tenant, whatever another device of the session chose (V2-14)', async () => {
      const user = await newUser();
      const chosen = ok(await dialect.v2(user, { tenant_id: alpha })).body;
      const device = ok(await dialect.v2(user)).body;
      assert.equal(device.refresh_token, chosen.refresh_token);
      ok(await put2(device));
      dialect.advance(2 * hour);
      assert.equal(ok(await put2(chosen)).body.tenant_id, alpha);
    });
  });
});
