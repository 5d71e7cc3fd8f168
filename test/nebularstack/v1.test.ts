/** V1: login, scope, rescope, renewal, lifetime. Spec nebularstack §2, §3, §6; acceptance 1–3, 5–10. @module */
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
  errorOf,
  forbidden,
  minute,
  ok,
  onEachEngine,
  scopeOf,
  second,
  uuidForm,
  withoutRequestId,
} from './dialect.ts';

onEachEngine((dialect) => {
  let [acme, other] = ['', ''];
  let [alpha, beta, gamma, shut] = ['', '', '', ''];
  let ann: Account;
  before(async () => {
    acme = await dialect.createDomain('acme.example');
    other = await dialect.createDomain('other.example');
    [alpha, beta, shut] = [
      await dialect.createTenant(acme),
      await dialect.createTenant(acme),
      await dialect.createTenant(acme),
    ];
    gamma = await dialect.createTenant(other);
    ann = await dialect.createUser(
      acme,
      ['Administrator', acme],
      ['Support', acme],
      ['Customer', acme, alpha],
      ['Customer', acme, shut],
      ['Staff Member', other, gamma],
    );
    await dialect.changeTenant(shut, { enabled: false });
  });

  /** Logs in with `user_domain`, and without `domain` unless it is among the fields. */
  const unscoped = async (account: Account, fields: object = {}): Promise<Answer> =>
    ok(await dialect.v1(account, { domain: undefined, user_domain: account.domain, ...fields }));
  const patch = (token: string, body: object, headers: Record<string, string> = {}): Promise<Answer> =>
    dialect.call('PATCH', '/v1/token', { token, body, headers });
  const put = (token: string): Promise<Answer> => dialect.call('PUT', '/v1/token', { token });
  const get = (token: string): Promise<Answer> => dialect.call('GET', '/v1/token', { token });

  describe('a login', () => {
    test('takes the password flat and in `credentials`, without a content type (1)', async () => {
      for (const secret of [
        { password: ann.password },
        { credentials: { password: ann.password } },
        { credentials: { password: ann.password }, password: ann.password },
        { password: ann.password, method: 'password' },
        { password: ann.password, unknown_member: { deep: [1] }, tenant_id: null, otp: null },
      ]) {
        const { body, headers } = ok(
          await dialect.call('POST', '/v1/token', {
            body: { username: ann.username, domain: acme, ...secret },
          }),
        );
        assert.deepEqual(scopeOf(body), {
          domain: acme,
          tenantId: null,
          roles: ['Administrator', 'Support'],
        });
        assert.equal(headers.get('cache-control'), 'no-store');
        assert.equal(headers.get('set-cookie'), null);
      }
    });

    test('answers with exactly the members of V1-5, and the JWT says the same', async () => {
      const nowSeconds = Math.floor(dialect.nowMs() / 1000);
      const { body } = ok(await dialect.v1(ann, { user_domain: acme }));
      const { token, exp, creation_time: created, ...others } = body;
      assert.deepEqual(others, {
        user_id: ann.id,
        username: ann.username,
        user_domain: acme,
        domain: acme,
        roles: ['Administrator', 'Support'],
        context: { domain: acme, tenant_id: null },
      });
      assert.ok(Math.abs(exp - nowSeconds - 3600) <= 5, `exp ${exp} is not an hour after ${nowSeconds}`);
      assert.match(created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
      const { header, claims } = decodeJwt(token);
      assert.deepEqual([header.alg, header.typ], ['RS256', 'JWT']);
      assert.deepEqual(Object.keys(header).toSorted(), ['alg', 'kid', 'typ', 'x5t#S256']);
      const { iss, iat, jti, sid, auth_time: authTime, ...rest } = claims;
      assert.deepEqual(rest, {
        user_id: ann.id,
        username: ann.username,
        user_domain: acme,
        domain: acme,
        roles: ['Administrator', 'Support'],
        exp,
        ver: 1,
        type: 'standard',
        amr: ['pwd'],
      });
      assert.equal(iss, dialect.server.url);
      assert.match(jti, uuidForm);
      assert.ok(sid);
      assert.ok(Math.abs(iat - nowSeconds) <= 5 && Math.abs(authTime - nowSeconds) <= 5);
    });

    test('with `domain` alone uses it as home domain too, in any letter case (2)', async () => {
      for (const domain of [acme, 'ACME.Example']) {
        const { body } = ok(await dialect.v1(ann, { domain }));
        assert.deepEqual(
          [body.user_domain, body.domain, body.context],
          [acme, acme, { domain: acme, tenant_id: null }],
        );
      }
    });

    test('with `user_domain` alone is unscoped, without top-level `domain` and `tenant_id` (2)', async () => {
      const { body } = await unscoped(ann);
      assert.deepEqual(
        [body.user_domain, body.roles, body.context],
        [acme, [], { domain: null, tenant_id: null }],
      );
      const { claims } = decodeJwt(body.token);
      for (const member of ['domain', 'tenant_id', 'default_tenant_id']) {
        assert.ok(!(member in body), member);
        assert.ok(!(member in claims), member);
      }
    });

    test('with `user_domain` and `domain` is for that domain', async () => {
      const staff = await dialect.createUser(acme, ['Support', other]);
      const { body } = await unscoped(staff, { domain: other });
      assert.deepEqual(
        [body.user_domain, scopeOf(body)],
        [acme, { domain: other, tenantId: null, roles: ['Support'] }],
      );
    });

    test('with `tenant_id` is for that tenant and its domain: roles are those of both', async () => {
      for (const fields of [{ domain: acme }, { domain: acme, user_domain: acme }, { user_domain: acme }]) {
        const answer = await dialect.v1(ann, { domain: undefined, ...fields, tenant_id: alpha });
        assert.deepEqual(scopeOf(ok(answer).body), {
          domain: acme,
          tenantId: alpha,
          roles: ['Administrator', 'Customer', 'Support'],
        });
        assert.deepEqual(answer.body.context, { domain: acme, tenant_id: alpha });
      }
      const elsewhere = ok(
        await dialect.v1(ann, { domain: undefined, user_domain: acme, tenant_id: gamma }),
      ).body;
      assert.deepEqual(scopeOf(elsewhere), { domain: other, tenantId: gamma, roles: ['Staff Member'] });
      assertForbidden(await dialect.v1(ann, { user_domain: acme, tenant_id: gamma }));
    });

    test('without any domain is malformed, as are two different passwords, another method and wrong types', async () => {
      const malformed: readonly [fields: object, field: RegExp][] = [
        [{ domain: undefined }, /domain/],
        [{ domain: null, user_domain: null }, /domain/],
        [{ username: undefined }, /username/],
        [{ username: 5 }, /username/],
        [{ password: undefined }, /password/],
        [{ password: ['x'] }, /password/],
        [{ credentials: { password: 'another' } }, /password/],
        [{ credentials: 'text' }, /credentials/],
        [{ method: 'otp' }, /method/],
        [{ method: 1 }, /method/],
        [{ tenant_id: 7 }, /tenant_id/],
        [{ domain: [] }, /domain/],
        [{ otp: 123456 }, /otp/],
        [{ otp: '123456', credentials: { password: ann.password, otp: '654321' } }, /otp/],
      ];
      for (const [fields, field] of malformed) {
        assertMalformed(await dialect.v1(ann, fields), field, ann.password, 'another', '123456', '654321');
      }
    });

    test('into a refused scope is 403, said only when the password was right (C8)', async () => {
      for (const fields of [
        { domain: other },
        { domain: 'nowhere.example' },
        { tenant_id: beta, domain: other },
      ]) {
        const asked = { user_domain: acme, ...fields };
        assertForbidden(await dialect.v1(ann, asked));
        assertUnauthorized(await dialect.v1({ ...ann, password: 'Wrong-pass1' }, asked));
      }
    });
  });

  describe('a user with neither a global role nor one on the home domain', () => {
    test('and one Customer tenant is put there; disabled tenants do not count (3)', async () => {
      const one = await dialect.createUser(
        acme,
        ['Customer', other, gamma],
        ['Customer', acme, beta],
        ['Support', acme, alpha],
      );
      await dialect.changeTenant(beta, { enabled: false });
      for (const { body } of [ok(await dialect.v1(one)), await unscoped(one)]) {
        assert.deepEqual(scopeOf(body), { domain: other, tenantId: gamma, roles: ['Customer'] });
        assert.ok(!('default_tenant_id' in body));
      }
      await dialect.changeTenant(beta, { enabled: true });
    });

    test('and several gets no scope, and `default_tenant_id`: the tenant made first (3)', async () => {
      const several = await dialect.createUser(
        acme,
        ['Customer', other, gamma],
        ['Customer', acme, beta],
        ['Customer', acme, alpha],
      );
      for (const { body } of [ok(await dialect.v1(several)), await unscoped(several)]) {
        assert.deepEqual(
          [body.context, body.roles, body.default_tenant_id],
          [{ domain: null, tenant_id: null }, [], alpha],
        );
        assert.ok(!('domain' in body) && !('tenant_id' in body));
      }
    });

    test('and none is unscoped, or refused where `domain` alone was sent', async () => {
      const none = await dialect.createUser(acme, ['Support', acme, alpha]);
      const { body } = await unscoped(none);
      assert.deepEqual([body.context, body.roles], [{ domain: null, tenant_id: null }, []]);
      assert.ok(!('default_tenant_id' in body));
      assertForbidden(await dialect.v1(none));
    });

    test('who asks for a separate domain or a tenant is not put elsewhere', async () => {
      const one = await dialect.createUser(acme, ['Customer', other, gamma]);
      assertForbidden(await dialect.v1(one, { user_domain: acme, domain: acme }));
      assertForbidden(await dialect.v1(one, { tenant_id: alpha }));
    });

    test('is put nowhere when there is such a role', async () => {
      const atHome = await dialect.createUser(acme, ['Customer', other, gamma], ['Support', acme]);
      assert.deepEqual((await unscoped(atHome)).body.context, { domain: null, tenant_id: null });
      const global = await dialect.createUser(acme, ['Customer', other, gamma], ['Support']);
      const { body } = await unscoped(global);
      assert.deepEqual([body.context, body.roles], [{ domain: null, tenant_id: null }, ['Support']]);
    });
  });

  describe('a rescope', () => {
    test('goes from unscoped to a domain, to a tenant, to another domain’s, and back to none, whatever the headers say (5)', async () => {
      const steps: readonly [
        target: object,
        headers: Record<string, string>,
        domain: string | null,
        tenant: string | null,
        roles: string[],
      ][] = [
        [{ domain: acme }, { 'X-Domain': acme }, acme, null, ['Administrator', 'Support']],
        [
          { domain: acme, tenant_id: alpha },
          { 'X-Domain': acme, 'X-Tenant-Id': alpha },
          acme,
          alpha,
          ['Administrator', 'Customer', 'Support'],
        ],
        [
          { domain: other, tenant_id: gamma },
          { 'X-Domain': other, 'X-Tenant-Id': gamma },
          other,
          gamma,
          ['Staff Member'],
        ],
        [
          { tenant_id: alpha },
          { 'x-tenant-id': gamma },
          acme,
          alpha,
          ['Administrator', 'Customer', 'Support'],
        ],
        [{ domain: acme }, {}, acme, null, ['Administrator', 'Support']],
        [{ domain: acme, tenant_id: null }, {}, acme, null, ['Administrator', 'Support']],
        [{ domain: null, tenant_id: null }, {}, null, null, []],
        [{ domain: acme }, {}, acme, null, ['Administrator', 'Support']],
        [{ tenant_id: null }, {}, null, null, []],
      ];
      let { token } = (await unscoped(ann)).body;
      for (const [target, headers, domain, tenantId, roles] of steps) {
        const { body } = ok(await patch(token, target, headers));
        assert.deepEqual(scopeOf(body), { domain, tenantId, roles }, JSON.stringify(target));
        assert.deepEqual(body.context, { domain, tenant_id: tenantId });
        assert.deepEqual(scopeOf(decodeJwt(body.token).claims), { domain, tenantId, roles });
        assert.equal(decodeJwt(body.token).claims.pjti, decodeJwt(token).claims.jti);
        token = body.token;
      }
    });

    test('keeps `exp` to the second, and what makes the session: user, version, type, session, how it was proved (6)', async () => {
      const first = (await unscoped(ann, { domain: acme })).body;
      dialect.advance(10 * minute);
      const { body } = ok(await patch(first.token, { domain: other, tenant_id: gamma }));
      assert.equal(body.exp, first.exp);
      const [before, after] = [decodeJwt(first.token).claims, decodeJwt(body.token).claims];
      for (const claim of ['exp', 'user_id', 'ver', 'type', 'sid', 'auth_time']) {
        assert.equal(after[claim], before[claim], claim);
      }
      assert.deepEqual(after.amr, before.amr);
      assert.notEqual(after.jti, before.jti);
      assert.deepEqual(after.roles, ['Staff Member'], 'roles of the old scope are gone');
    });

    test('to what is refused is one and the same 403 (7)', async () => {
      const { token } = (await unscoped(ann)).body;
      const targets = [
        { tenant_id: beta, domain: other },
        { tenant_id: gamma, domain: acme },
        { tenant_id: shut },
        { domain: acme, tenant_id: shut },
        { tenant_id: '00000000-0000-4000-8000-000000000000' },
        { tenant_id: 'no uuid' },
        { tenant_id: acme },
        { domain: 'nowhere.example' },
        { domain: other },
        { domain: 'nowhere.example', tenant_id: alpha },
      ];
      const faces = new Set<string>();
      for (const target of targets) {
        const answer = await patch(token, target);
        assert.deepEqual(errorOf(answer), forbidden, JSON.stringify(target));
        faces.add(withoutRequestId(answer));
      }
      const stranger = await dialect.createUser(other, ['Staff Member', other, gamma]);
      const outside = (await unscoped(stranger)).body.token;
      for (const target of [{ domain: acme }, { tenant_id: alpha }, { domain: other }]) {
        faces.add(withoutRequestId(await patch(outside, target)));
      }
      assert.deepEqual(faces.size, 1, [...faces].join('\n'));
    });

    test('names a target, and a retry with the old token works', async () => {
      const { token } = (await unscoped(ann)).body;
      assertMalformed(await patch(token, {}), /domain/);
      assertMalformed(await patch(token, { domain: 4 }), /domain/);
      assertMalformed(await patch(token, { tenant_id: {} }), /tenant_id/);
      ok(await patch(token, { domain: acme }));
      ok(await patch(token, { domain: acme }));
    });
  });

  describe('a renewal', () => {
    test('with an empty body extends and keeps the scope; the old token works until its own `exp` (8)', async () => {
      const { token } = (await unscoped(ann, { tenant_id: alpha })).body;
      dialect.advance(50 * minute);
      const renewed = ok(
        await dialect.call('PUT', '/v1/token', { token, headers: { 'content-type': 'application/json' } }),
      ).body;
      assert.deepEqual(scopeOf(renewed), {
        domain: acme,
        tenantId: alpha,
        roles: ['Administrator', 'Customer', 'Support'],
      });
      assert.ok(Math.abs(renewed.exp - Math.floor(dialect.nowMs() / 1000) - 3600) <= 5);
      ok(await get(token));
      ok(await put(token));
      dialect.advance(10 * minute + 5 * second);
      assertExpired(await get(token));
      assertExpired(await put(token));
      assertExpired(await patch(token, { domain: acme }));
      ok(await get(renewed.token));
    });

    test('of the session gives an older token of it no longer life by a rescope', async () => {
      const { token, exp } = (await unscoped(ann)).body;
      dialect.advance(30 * minute);
      const renewed = ok(await put(token)).body;
      assert.ok(renewed.exp > exp);
      assert.equal(ok(await patch(token, { domain: acme })).body.exp, exp);
      assert.equal(ok(await patch(renewed.token, { domain: acme })).body.exp, renewed.exp);
    });

    test('and every other use of an expired token is 401 and says that it is expired (9)', async () => {
      const { token } = (await unscoped(ann)).body;
      dialect.advance(61 * minute);
      assertExpired(await put(token));
      assertExpired(await patch(token, { domain: acme }));
      assertExpired(await get(token));
      assertExpired(await dialect.call('GET', '/v1/tenants', { token }));
    });

    test('ignores the context headers (H6)', async () => {
      const { token } = (await unscoped(ann, { domain: acme })).body;
      const headers = { 'X-Domain': other, 'X-Tenant-ID': gamma };
      for (const method of ['PUT', 'GET'] as const) {
        const { body } = ok(await dialect.call(method, '/v1/token', { token, headers }));
        assert.deepEqual(body.context, { domain: acme, tenant_id: null });
      }
    });
  });

  test('GET tells what the token says, and does not repeat it', async () => {
    const { token, ...told } = (await unscoped(ann, { domain: acme })).body;
    const { body, text } = ok(await get(token));
    assert.ok(!text.includes(token));
    const { creation_time: created, ...others } = body;
    const { creation_time: _, ...expected } = told;
    assert.deepEqual(others, expected);
    assert.match(created, /\+00:00$/);
    await dialect.unassign(ann.id, 'Support', acme);
    assert.deepEqual(ok(await get(token)).body.roles, ['Administrator', 'Support'], 'as in the claims');
    await dialect.assign(ann.id, 'Support', acme);
  });

  describe('`expires_in`', () => {
    const maximumSeconds = day / second;
    for (const seconds of [60, 3600, maximumSeconds]) {
      test(`of ${seconds} gives a token that lives so long, and so does its renewal (10)`, async () => {
        const nowSeconds = Math.floor(dialect.nowMs() / 1000);
        const { body } = await unscoped(ann, { expires_in: seconds });
        assert.ok(Math.abs(body.exp - nowSeconds - seconds) <= 5);
        dialect.advance(30 * second);
        const renewed = ok(await put(body.token)).body;
        assert.ok(Math.abs(renewed.exp - body.exp - 30) <= 5);
      });
    }
    for (const wrong of [59, 0, -1, maximumSeconds + 1, '60', 60.5, true, [60], 1e20]) {
      test(`of ${JSON.stringify(wrong)} is malformed (10)`, async () => {
        assertMalformed(await dialect.v1(ann, { expires_in: wrong }), /expires_in/);
      });
    }
  });

  test('the times of an answer are in the zone asked for, or in UTC (H7)', async () => {
    const created = async (zone: string): Promise<string> =>
      ok(await dialect.v1(ann, {}, { headers: { 'X-Timezone': zone } })).body.creation_time;
    assert.match(await created('Africa/Johannesburg'), /\+02:00$/);
    assert.match(await created('Asia/Kolkata'), /\+05:30$/);
    assert.match(await created('Nowhere/Land'), /\+00:00$/);
    assert.match(await created(''), /\+00:00$/);
    const skewMs = Math.abs(Date.parse(await created('America/New_York')) - dialect.nowMs());
    assert.ok(skewMs < 5_000, `${skewMs} ms apart`);
  });
});
