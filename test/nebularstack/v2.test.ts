/** V2: the pair of access token and refresh token. Spec nebularstack §7; acceptance 12–18. @module */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Answer } from '../harness/http.ts';
import {
  type Account,
  assertExpired,
  assertForbidden,
  assertMalformed,
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

onEachEngine((dialect) => {
  let [acme, other] = ['', ''];
  let [alpha, beta, gamma] = ['', '', ''];
  before(async () => {
    [acme, other] = [await dialect.createDomain(), await dialect.createDomain()];
    [alpha, beta] = [await dialect.createTenant(acme), await dialect.createTenant(acme)];
    gamma = await dialect.createTenant(other);
  });

  const newUser = (): Promise<Account> =>
    dialect.createUser(acme, ['Support', acme], ['Customer', acme, alpha], ['Staff Member', other, gamma]);
  const put = (token: string, refreshToken: unknown, more: object = {}): Promise<Answer> =>
    dialect.call('PUT', '/v2/token', { token, body: { refresh_token: refreshToken, ...more } });
  const patch = (token: string, body: object): Promise<Answer> =>
    dialect.call('PATCH', '/v2/token', { token, body });
  const nowSeconds = (): number => Math.floor(dialect.nowMs() / 1000);
  const assertSoon = (seconds: number, fromNow: number): void => {
    assert.ok(Math.abs(seconds - nowSeconds() - fromNow) <= 5, `${seconds - nowSeconds()} s from now`);
  };
  const hourSeconds = hour / second;
  const monthSeconds = (30 * day) / second;

  describe('a login', () => {
    test('gives a token for an hour and a refresh token for 30 days, with exactly the members of section 7 (12)', async () => {
      const user = await newUser();
      const { body, headers } = ok(await dialect.v2(user));
      const {
        token,
        refresh_token: refreshToken,
        exp,
        refresh_exp: refreshExp,
        creation_time: created,
        ...others
      } = body;
      assert.deepEqual(others, {
        type: 'standard',
        context: { domain: acme, tenant_id: null },
        domain: acme,
        user_id: user.id,
        username: user.username,
        user_domain: acme,
        name: 'Some One',
        roles: ['Support'],
      });
      assert.equal(typeof refreshToken, 'string');
      assertSoon(exp, hourSeconds);
      assertSoon(refreshExp, monthSeconds);
      assert.match(created, /\+00:00$/);
      assert.equal(headers.get('cache-control'), 'no-store');
      const { claims } = decodeJwt(token);
      assert.deepEqual([claims.ver, claims.type, claims.exp, claims.amr], [2, 'standard', exp, ['pwd']]);
    });

    test('takes home and scope from body and headers, and refuses what contradicts itself', async () => {
      const user = await newUser();
      const scopes: readonly [
        fields: object,
        headers: Record<string, string>,
        domain: string | null,
        tenant: string | null,
      ][] = [
        [{ domain: acme }, {}, acme, null],
        [{ domain: acme, tenant_id: alpha }, {}, acme, alpha],
        [{ domain: acme }, { 'X-Tenant-ID': alpha }, acme, alpha],
        [{ domain: acme, tenant_id: alpha }, { 'x-tenant-id': alpha }, acme, alpha],
        [{ domain: undefined, user_domain: acme }, {}, null, null],
        [{ domain: undefined, user_domain: acme, tenant_id: gamma }, {}, other, gamma],
        [{ domain: undefined, user_domain: acme }, { 'X-Domain': acme }, acme, null],
        [{ domain: other, user_domain: acme, tenant_id: gamma }, {}, other, gamma],
        [{ domain: acme }, { 'X-Domain': other, 'X-Tenant-ID': gamma }, other, gamma],
      ];
      for (const [fields, headers, domain, tenantId] of scopes) {
        const { body } = ok(await dialect.v2(user, fields, { headers }));
        assert.deepEqual(body.context, { domain, tenant_id: tenantId }, JSON.stringify([fields, headers]));
        assert.deepEqual(['domain' in body, 'tenant_id' in body], [domain !== null, tenantId !== null]);
        assert.equal(body.user_domain, acme);
      }
      const contradictions: readonly [object, Record<string, string>, RegExp][] = [
        [{ domain: acme, user_domain: acme }, { 'X-Domain': other }, /domain/i],
        [{ domain: acme, tenant_id: alpha }, { 'X-Tenant-ID': beta }, /tenant/i],
        [{ domain: undefined }, {}, /domain/],
        [{ domain: undefined }, { 'X-Domain': acme }, /domain/],
        [{ type: 'both' }, {}, /type/],
        [{ type: 'STANDARD' }, {}, /type/],
        [{ type: 1 }, {}, /type/],
      ];
      for (const [fields, headers, field] of contradictions) {
        assertMalformed(await dialect.v2(user, fields, { headers }), field, user.password);
      }
    });

    test('into a refused scope is 403: V2 looks for no other', async () => {
      const customer = await dialect.createUser(acme, ['Customer', other, gamma]);
      assertForbidden(await dialect.v2(customer));
      const { body } = ok(await dialect.v2(customer, { domain: undefined, user_domain: acme }));
      assert.deepEqual([body.context, body.roles], [{ domain: null, tenant_id: null }, []]);
      assert.ok(!('default_tenant_id' in body));
    });

    test('the second of the same type gives the same refresh text and 30 days anew; of the other type another text (13)', async () => {
      const user = await newUser();
      const first = ok(await dialect.v2(user)).body;
      dialect.advance(20 * day);
      const again = ok(await dialect.v2(user, { tenant_id: alpha })).body;
      assert.equal(again.refresh_token, first.refresh_token);
      assert.notEqual(again.token, first.token);
      assertSoon(again.refresh_exp, monthSeconds);
      const minimal = ok(await dialect.v2(user, { type: 'minimal' })).body;
      assert.notEqual(minimal.refresh_token, first.refresh_token);
      assert.equal(ok(await dialect.v2(user, { type: 'minimal' })).body.refresh_token, minimal.refresh_token);
      dialect.advance(20 * day);
      ok(await put(again.token, first.refresh_token));
      const other = ok(await dialect.v2(await newUser())).body;
      assert.notEqual(other.refresh_token, first.refresh_token);
    });

    test('of many at once gives one refresh text, which works', async () => {
      const user = await newUser();
      const answers = await Promise.all(Array.from({ length: 8 }, () => dialect.v2(user)));
      const texts = new Set(answers.map((answer) => ok(answer).body.refresh_token));
      assert.equal(texts.size, 1);
      for (const { body } of answers) ok(await put(body.token, body.refresh_token));
    });

    test('after 30 days unused gives a new refresh text, and the old one stays refused (14)', async () => {
      const user = await newUser();
      const old = ok(await dialect.v2(user)).body;
      dialect.advance(30 * day + minute);
      assertExpired(await put(old.token, old.refresh_token));
      const fresh = ok(await dialect.v2(user)).body;
      assert.notEqual(fresh.refresh_token, old.refresh_token);
      for (const token of [old.token, fresh.token]) {
        assert.equal((await put(token, old.refresh_token)).status, 401);
      }
      assertUnauthorized(await put(old.token, fresh.refresh_token));
      ok(await put(fresh.token, fresh.refresh_token));
    });
  });

  describe('a renewal', () => {
    test('of an expired token keeps scope, type and refresh text, and gives 30 days anew (15)', async () => {
      const user = await newUser();
      for (const type of ['standard', 'minimal']) {
        const first = ok(await dialect.v2(user, { type, tenant_id: alpha })).body;
        dialect.advance(29 * day);
        const { body } = ok(await put(first.token, first.refresh_token));
        assert.deepEqual(scopeOf(body), {
          domain: acme,
          tenantId: alpha,
          roles: type === 'minimal' ? [] : ['Customer', 'Support'],
        });
        assert.deepEqual([body.type, body.refresh_token], [type, first.refresh_token]);
        assertSoon(body.exp, hourSeconds);
        assertSoon(body.refresh_exp, monthSeconds);
        const [before, after] = [decodeJwt(first.token).claims, decodeJwt(body.token).claims];
        assert.equal(after.pjti, before.jti);
        assert.deepEqual(
          [after.sid, after.auth_time, after.amr, after.type],
          [before.sid, before.auth_time, before.amr, type],
        );
        dialect.advance(29 * day);
        ok(await put(body.token, body.refresh_token));
      }
    });

    test('before expiry gives 30 days anew too', async () => {
      const { token, refresh_token: refreshToken } = ok(await dialect.v2(await newUser())).body;
      dialect.advance(30 * minute);
      assertSoon(ok(await put(token, refreshToken)).body.refresh_exp, monthSeconds);
    });

    test('keeps the scope of the token shown: devices that share the session keep their own (V2-14)', async () => {
      const user = await newUser();
      const desk = ok(await dialect.v2(user, { tenant_id: alpha })).body;
      const phone = ok(await dialect.v2(user, { domain: other, user_domain: acme, tenant_id: gamma })).body;
      const tablet = ok(await dialect.v2(user)).body;
      for (let round = 0; round < 2; round += 1) {
        const renewed = [desk, phone, tablet].map(async ({ token, refresh_token: refreshToken }) =>
          scopeOf(ok(await put(token, refreshToken)).body),
        );
        assert.deepEqual(await Promise.all(renewed), [
          { domain: acme, tenantId: alpha, roles: ['Customer', 'Support'] },
          { domain: other, tenantId: gamma, roles: ['Staff Member'] },
          { domain: acme, tenantId: null, roles: ['Support'] },
        ]);
        dialect.advance(2 * hour);
      }
    });

    test('refused changes nothing: the 30 days go on from before', async () => {
      const user = await newUser();
      const { token, refresh_token: refreshToken } = ok(await dialect.v2(user)).body;
      dialect.advance(29 * day);
      assertForbidden(await patch(token, { domain: 'nowhere.example', refresh_token: refreshToken }));
      assertUnauthorized(await put(token, 'x'.repeat(64)));
      assertExpired(await patch(token, { domain: acme, password: user.password }));
      dialect.advance(2 * day);
      assertExpired(await put(token, refreshToken));
    });

    test('of an expired standard token with the minimal refresh token, or another user’s, is 401 (16)', async () => {
      const [user, other] = [await newUser(), await newUser()];
      const standard = ok(await dialect.v2(user)).body;
      const minimal = ok(await dialect.v2(user, { type: 'minimal' })).body;
      const foreign = ok(await dialect.v2(other)).body;
      for (const wait of [0, 2 * hour]) {
        dialect.advance(wait);
        for (const method of ['PUT', 'PATCH'] as const) {
          const pairs: readonly [string, string][] = [
            [standard.token, minimal.refresh_token],
            [minimal.token, standard.refresh_token],
            [standard.token, foreign.refresh_token],
            [foreign.token, standard.refresh_token],
          ];
          for (const [token, refreshToken] of pairs) {
            const body = { refresh_token: refreshToken, ...(method === 'PATCH' ? { domain: acme } : {}) };
            assertUnauthorized(await dialect.call(method, '/v2/token', { token, body }));
          }
        }
      }
    });

    test('of a token more than 30 days past its end is 401 and says expired; up to then it is renewed (17)', async () => {
      const { token, refresh_token: refreshToken } = ok(await dialect.v2(await newUser())).body;
      let newest = token;
      for (const days of [10, 10, 9.9]) {
        dialect.advance(days * day);
        newest = ok(await put(newest, refreshToken)).body.token;
      }
      ok(await put(token, refreshToken));
      dialect.advance(day + 2 * hour);
      assertExpired(await put(token, refreshToken));
      assertExpired(await patch(token, { domain: acme, refresh_token: refreshToken }));
      ok(await put(newest, refreshToken));
    });

    test('with a forged signature and a good refresh token is a plain 401, expired or not (17)', async () => {
      const { token, refresh_token: refreshToken } = ok(await dialect.v2(await newUser())).body;
      const [header = '', payload = '', signature = ''] = token.split('.');
      const changed = Buffer.from(
        JSON.stringify({ ...decodeJwt(token).claims, type: 'standard', roles: ['Root'] }),
      ).toString('base64url');
      const flipped = (signature[0] === 'A' ? 'B' : 'A') + signature.slice(1);
      for (const wait of [0, 2 * hour]) {
        dialect.advance(wait);
        for (const forged of [
          `${header}.${changed}.${signature}`,
          `${header}.${payload}.${flipped}`,
          `${header}.${payload}.`,
        ]) {
          assertUnauthorized(await put(forged, refreshToken));
          assertUnauthorized(await patch(forged, { domain: acme, refresh_token: refreshToken }));
        }
      }
      ok(await put(token, refreshToken));
    });

    test('needs the refresh token as a text', async () => {
      const { token } = ok(await dialect.v2(await newUser())).body;
      for (const refreshToken of [undefined, null, 5, ['x']]) {
        assertMalformed(await put(token, refreshToken), /refresh_token/);
      }
      assertMalformed(await dialect.call('PUT', '/v2/token', { token }), /refresh_token/);
      for (const refreshToken of ['', 'x', 'x'.repeat(64), 'é'.repeat(64), 'x'.repeat(10_000)]) {
        const answer = await put(token, refreshToken);
        assert.ok(answer.status === 401 || (refreshToken === '' && answer.status === 400), answer.text);
      }
    });
  });

  describe('a rescope', () => {
    test('with the refresh token takes any permitted target, gives a fresh hour and keeps the type', async () => {
      const user = await newUser();
      for (const type of ['standard', 'minimal']) {
        const login = ok(await dialect.v2(user, { type, domain: undefined, user_domain: acme })).body;
        let { token } = login;
        const targets: readonly [object, domain: string | null, tenant: string | null, roles: string[]][] = [
          [{ domain: acme }, acme, null, ['Support']],
          [{ domain: acme, tenant_id: alpha }, acme, alpha, ['Customer', 'Support']],
          [{ tenant_id: gamma }, other, gamma, ['Staff Member']],
          [{ domain: null, tenant_id: null }, null, null, []],
          [{ tenant_id: alpha }, acme, alpha, ['Customer', 'Support']],
          [{ domain: acme }, acme, null, ['Support']],
        ];
        for (const [target, domain, tenantId, roles] of targets) {
          dialect.advance(2 * hour);
          const { body } = ok(await patch(token, { ...target, refresh_token: login.refresh_token }));
          assert.deepEqual(scopeOf(body), { domain, tenantId, roles: type === 'minimal' ? [] : roles });
          assert.deepEqual([body.type, body.refresh_token], [type, login.refresh_token]);
          assertSoon(body.exp, hourSeconds);
          assertSoon(body.refresh_exp, monthSeconds);
          token = body.token;
        }
      }
    });

    test('of an expired token with the password is 401 expired; with both credentials or neither 400 (18)', async () => {
      const user = await newUser();
      const { token, refresh_token: refreshToken } = ok(await dialect.v2(user)).body;
      const check = async (): Promise<void> => {
        const credentials = { password: user.password, refresh_token: refreshToken };
        assertMalformed(
          await patch(token, { domain: acme, ...credentials }),
          /refresh_token|password/,
          user.password,
          refreshToken,
        );
        assertMalformed(await patch(token, { domain: acme }), /refresh_token|password/);
        assertMalformed(
          await patch(token, { refresh_token: refreshToken }),
          /domain|tenant_id/,
          refreshToken,
        );
      };
      await check();
      ok(await patch(token, { domain: acme, password: user.password }));
      dialect.advance(61 * minute);
      await check();
      assertExpired(await patch(token, { domain: acme, password: user.password }));
      ok(await patch(token, { domain: acme, refresh_token: refreshToken }));
    });

    test('with the password is a re-authentication: the same refresh token, 30 days and `auth_time` anew', async () => {
      const user = await newUser();
      const login = ok(await dialect.v2(user)).body;
      dialect.advance(20 * day);
      const later = ok(await put(login.token, login.refresh_token)).body;
      dialect.advance(30 * minute);
      const { body } = ok(await patch(later.token, { tenant_id: alpha, password: user.password }));
      assert.equal(body.refresh_token, login.refresh_token);
      assertSoon(body.exp, hourSeconds);
      assertSoon(body.refresh_exp, monthSeconds);
      assertSoon(decodeJwt(body.token).claims.auth_time, 0);
      assertUnauthorized(await patch(body.token, { domain: acme, password: 'Wrong-pass1' }));
    });
  });
});
