/** Minimal tokens: got without an otp, and good for little, for ever. Spec nebularstack §7 V2-3 to V2-6; acceptance 20, 21. @module */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Method } from './call.ts';
import {
  type Account,
  assertForbidden,
  assertOtpRequired,
  assertUnauthorized,
  type Device,
  decodeJwt,
  hour,
  ok,
  onEachEngine,
} from './dialect.ts';

onEachEngine((dialect) => {
  let [acme, other] = ['', ''];
  let [alpha, gamma] = ['', ''];
  let mia: Account;
  let victim: Account;
  let device: Device;
  before(async () => {
    [acme, other] = [await dialect.createDomain(), await dialect.createDomain()];
    [alpha, gamma] = [await dialect.createTenant(acme), await dialect.createTenant(other)];
    // Whoever holds most has most to lose.
    mia = await dialect.createUser(
      acme,
      ['Root'],
      ['Administrator', acme],
      ['Customer', acme, alpha],
      ['Support', other],
    );
    victim = await dialect.createUser(acme, ['Support', acme]);
    device = await dialect.enableMfa(mia);
  });

  const assertMinimal = (body: Record<string, unknown>): void => {
    assert.deepEqual([body.type, body.roles], ['minimal', []]);
    const { claims } = decodeJwt(String(body.token));
    assert.deepEqual([claims.type, claims.roles, claims.amr], ['minimal', [], ['pwd']]);
  };

  test('a login without otp gives one with no roles; it stays minimal through every change and whatever the body says (20)', async () => {
    const login = ok(await dialect.v2(mia, { type: 'minimal' })).body;
    assertMinimal(login);
    assertMinimal(ok(await dialect.v2(mia, { type: 'minimal', otp: '000000' })).body);
    const refresh = { refresh_token: login.refresh_token };
    const lies = {
      type: 'standard',
      otp: device.fresh(),
      roles: ['Root'],
      user_id: victim.id,
      amr: ['pwd', 'otp'],
    };
    let token: string = login.token;
    const changes: readonly [Method, object][] = [
      ['PUT', { ...refresh, ...lies }],
      ['PATCH', { domain: acme, ...refresh, ...lies }],
      ['PATCH', { tenant_id: alpha, ...refresh, ...lies }],
      ['PATCH', { tenant_id: gamma, password: mia.password, ...lies }],
      ['PUT', { ...refresh, ...lies }],
      ['PATCH', { domain: null, tenant_id: null, ...refresh, ...lies }],
      ['PATCH', { domain: other, password: mia.password }],
      ['PUT', refresh],
    ];
    for (const [method, body] of changes) {
      const answer = ok(await dialect.call(method, '/v2/token', { token, body })).body;
      assertMinimal(answer);
      assert.equal(answer.refresh_token, login.refresh_token);
      assert.equal(answer.user_id, mia.id);
      token = answer.token;
    }
    assertOtpRequired(await dialect.v2(mia));
  });

  describe('a minimal token is 403 (21) at', () => {
    const id = (): string => victim.id;
    const routes: readonly [Method, () => string, (() => object)?][] = [
      ['GET', () => '/v1/users'],
      ['GET', () => `/v1/user/${id()}`],
      ['GET', () => `/v1/user/${mia.id}`],
      ['PATCH', () => `/v1/user/${id()}`, () => ({ name: 'New Name' })],
      ['PATCH', () => `/v1/user/${mia.id}`, () => ({ password: 'Brand-new-pass-7' })],
      ['DELETE', () => `/v1/user/${id()}`],
      ['POST', () => '/v1/user', () => ({ username: 'new-one', password: 'Brand-new-pass-7', domain: acme })],
      ['GET', () => '/v1/roles'],
      ['GET', () => '/v1/tenants'],
      ['GET', () => '/v1/domains'],
      ['POST', () => '/v1/tenant', () => ({ name: 'new', domain: acme })],
      ['GET', () => `/v1/tenant/${alpha}`],
      ['PATCH', () => `/v1/tenant/${alpha}`, () => ({ enabled: false })],
      ['DELETE', () => `/v1/tenant/${alpha}`],
      ['POST', () => '/v1/domain', () => ({ name: 'new.example' })],
      ['GET', () => `/v1/domain/${acme}`],
      ['PATCH', () => `/v1/domain/${acme}`, () => ({ enabled: false })],
      ['DELETE', () => `/v1/domain/${other}`],
      ['GET', () => `/v1/user/${id()}/assignments`],
      ['GET', () => `/v1/user/${mia.id}/assignments`],
      ['POST', () => `/v1/user/${id()}/assignment/Support/${acme}/none`],
      ['POST', () => `/v1/user/${mia.id}/assignment/Administrator`],
      ['DELETE', () => `/v1/user/${id()}/assignment/Support/${acme}`],
      ['POST', () => '/v1/mfa', () => ({ password: mia.password })],
      ['PUT', () => '/v1/mfa', () => ({ otp: device.fresh() })],
      ['POST', () => '/v1/mfa/recovery', () => ({ password: mia.password, otp: device.fresh() })],
      ['POST', () => '/v1/mfa/disable', () => ({ password: mia.password, otp: device.fresh() })],
      [
        'PUT',
        () => '/v1/password',
        () => ({ password: mia.password, new_password: 'Brand-new-pass-7', otp: device.fresh() }),
      ],
      ['DELETE', () => `/v1/user/${mia.id}/mfa`],
      ['DELETE', () => `/v1/user/${id()}/mfa`],
      ['DELETE', () => '/v3/token'],
    ];
    for (const [method, path, body] of routes) {
      const name = path.toString().replace(/^\(\) => /, '');
      test(`${method} ${name}`, async () => {
        const login = ok(
          await dialect.v2(mia, { type: 'minimal', domain: undefined, user_domain: acme }),
        ).body;
        const scoped = await Promise.all(
          [{ domain: acme }, { tenant_id: alpha }].map(async (target) => {
            const asked = { ...target, refresh_token: login.refresh_token };
            return ok(await dialect.call('PATCH', '/v2/token', { token: login.token, body: asked })).body
              .token;
          }),
        );
        for (const token of [login.token, ...scoped]) {
          assertForbidden(await dialect.call(method, path(), { token, ...(body && { body: body() }) }));
        }
      });
    }

    test('nothing has come of it', async () => {
      const { token } = ok(await dialect.v1(mia, { otp: device.fresh() })).body;
      const users = ok(await dialect.call('GET', '/v1/users?l=-1', { token })).body.payload;
      assert.ok(!users.some(({ username }: { username: string }) => username === 'new-one'));
      ok(await dialect.v1(victim));
      ok(await dialect.call('GET', `/v1/tenant/${alpha}`, { token }));
    });
  });

  test('it tells its owner where they may go, without roles, and where the endpoints are', async () => {
    const { token } = ok(await dialect.v2(mia, { type: 'minimal' })).body;
    const { payload } = ok(await dialect.call('GET', '/v1/access?l=-1', { token })).body;
    const row = payload.find(({ tenant_id: tenantId }: { tenant_id: string | null }) => tenantId === alpha);
    assert.deepEqual([row?.domain, row?.roles], [acme, []]);
    for (const { roles } of payload) assert.deepEqual(roles, []);
    ok(await dialect.call('GET', '/v1/endpoints', { token }));
  });

  test('no context header makes more of it', async () => {
    const { token } = ok(await dialect.v2(mia, { type: 'minimal' })).body;
    const headers = { 'X-Domain': acme, 'X-Tenant-ID': alpha };
    assertForbidden(await dialect.call('GET', '/v1/users', { token, headers }));
  });

  test('it passes for none of another version or dialect, and its refresh token for no other', async () => {
    const login = ok(await dialect.v2(mia, { type: 'minimal' })).body;
    for (const method of ['GET', 'PUT'] as const) {
      assertForbidden(await dialect.call(method, '/v1/token', { token: login.token }));
    }
    const bearer = { authorization: `Bearer ${login.token}` };
    assert.equal((await dialect.call('GET', '/api/v1/auth/self/user', { headers: bearer })).status, 401);
    const headers = { 'content-type': 'application/json' };
    const body = { grant_type: 'refresh_token', refresh_token: login.refresh_token };
    assert.equal((await dialect.call('POST', '/api/v1/auth/tokens', { headers, body })).status, 401);
    dialect.advance(2 * hour);
    assertUnauthorized(
      await dialect.call('PUT', '/v2/token', {
        token: login.refresh_token,
        body: { refresh_token: login.refresh_token },
      }),
    );
    assertMinimal(
      ok(
        await dialect.call('PUT', '/v2/token', {
          token: login.token,
          body: { refresh_token: login.refresh_token },
        }),
      ).body,
    );
  });
});
