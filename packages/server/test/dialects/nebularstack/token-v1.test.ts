/** `/v1/token` over HTTP, on both engines. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  claimsOf,
  forbidden,
  hour,
  minute,
  ok,
  onEachEngine,
  password,
  refusal,
  unauthorized,
  type World,
} from './fixture.ts';

const path = '/v1/token';

async function setUp(world: World) {
  const acme = await world.addDomain();
  const other = await world.addDomain();
  const t1 = await world.addTenant(acme);
  const t2 = await world.addTenant(other, { createdAtMs: t1.createdAtMs + 1 });
  const ann = await world.addUser(acme, { name: 'Ann' });
  await world.give(ann, 'Administrator', { domain: acme });
  await world.give(ann, 'Customer', { tenant: t1 });
  await world.give(ann, 'Support', { tenant: t2 });
  const login = (fields: object) => world.call('POST', path, { username: ann.username, password, ...fields });
  const token = async (fields: object = { domain: acme.name }): Promise<string> =>
    ok(await login(fields)).body.token;
  return { acme, other, t1, t2, ann, login, token };
}

const auth = (token: string) => ({ 'x-auth-token': token });

onEachEngine((world) => {
  test('a domain alone is home and scope; the password may be written flat or inside credentials', async () => {
    const { acme, ann, login } = await setUp(world());
    for (const written of [{ password }, { password: undefined, credentials: { password } }]) {
      const { body } = ok(await login({ domain: acme.name, ...written }));
      const { token, exp, creation_time, ...facts } = body;
      assert.deepEqual(facts, {
        user_id: ann.id,
        username: ann.username,
        user_domain: acme.name,
        domain: acme.name,
        context: { domain: acme.name, tenant_id: null },
        roles: ['Administrator'],
      });
      assert.ok(Math.abs(exp - world().nowSeconds() - 3600) <= 1);
      assert.match(creation_time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
      const claims = claimsOf(token);
      assert.deepEqual(Object.keys(claims), [
        ...[
          'user_id',
          'username',
          'user_domain',
          'domain',
          'roles',
          'exp',
          'iss',
          'iat',
          'jti',
          'sid',
          'ver',
        ],
        ...['type', 'amr', 'auth_time'],
      ]);
      assert.deepEqual([claims.ver, claims.type, claims.amr], [1, 'standard', ['pwd']]);
    }
  });

  test('a home domain alone gives a token without scope; no domain at all is refused', async () => {
    const { acme, login } = await setUp(world());
    const { body } = ok(await login({ user_domain: acme.name }));
    assert.deepEqual(body.context, { domain: null, tenant_id: null });
    assert.equal('domain' in body || 'tenant_id' in body, false);
    assert.deepEqual(body.roles, []);
    assert.equal((await login({})).status, 400);
  });

  test('who has nothing but one tenant is led there; of several, the first is named', async () => {
    const { acme, t1, t2 } = await setUp(world());
    const user = await world().addUser(acme);
    const login = (fields: object) =>
      world().call('POST', path, { username: user.username, password, ...fields });
    assert.deepEqual(refusal(await login({ domain: acme.name })), forbidden);
    assert.equal(ok(await login({ user_domain: acme.name })).body.context.domain, null);
    await world().give(user, 'Customer', { tenant: t1 });
    for (const fields of [{ domain: acme.name }, { user_domain: acme.name }]) {
      const { body } = ok(await login(fields));
      assert.deepEqual(body.context, { domain: acme.name, tenant_id: t1.id });
      assert.deepEqual(body.roles, ['Customer']);
      assert.equal(body.default_tenant_id, undefined);
    }
    await world().give(user, 'Customer', { tenant: t2 });
    const { body } = ok(await login({ domain: acme.name }));
    assert.deepEqual([body.context.domain, body.default_tenant_id], [null, t1.id]);
  });

  test('a life from a minute to the maximum may be asked for, in whole seconds', async () => {
    const { acme, login } = await setUp(world());
    for (const seconds of [60, 86_400]) {
      const { body } = ok(await login({ domain: acme.name, expires_in: seconds }));
      assert.equal(claimsOf(body.token).exp - claimsOf(body.token).iat, seconds);
    }
    for (const seconds of [59, 86_401, '60', 60.5, true])
      assert.equal((await login({ domain: acme.name, expires_in: seconds })).status, 400);
  });

  test('every wrong credential has one and the same body', async () => {
    const { acme, login } = await setUp(world());
    const disabled = await world().addUser(acme, { enabled: false });
    const attempts = [
      { domain: acme.name, password: 'wrong' },
      { domain: acme.name, username: 'nobody' },
      { domain: 'nowhere.example' },
      { domain: acme.name, username: disabled.username },
    ];
    for (const attempt of attempts) assert.deepEqual(refusal(await login(attempt)), unauthorized);
  });

  test('two spellings of one password that differ, and fields of other types, are refused by name', async () => {
    const { acme, login } = await setUp(world());
    const twice = await login({ domain: acme.name, credentials: { password: 'another' } });
    assert.equal(twice.body.error.description, 'password: is written twice, and differently');
    for (const fields of [
      { username: 7 },
      { credentials: 'x' },
      { domain: ['a'] },
      { method: 'x' },
      { otp: 1 },
    ])
      assert.equal((await login({ domain: acme.name, ...fields })).status, 400, JSON.stringify(fields));
    ok(await login({ domain: acme.name, unknown: 1, tenant_id: null, method: 'password' }));
  });

  test('a rescope names the whole target, replaces the roles and keeps the end', async () => {
    const { acme, other, t1, t2, token } = await setUp(world());
    const first = await token({ user_domain: acme.name });
    const { exp } = claimsOf(first);
    world().pass(minute);
    const targets = [
      [{ domain: acme.name }, acme.name, null, ['Administrator']],
      [
        { domain: acme.name.toUpperCase(), tenant_id: t1.id.toUpperCase() },
        acme.name,
        t1.id,
        ['Administrator', 'Customer'],
      ],
      [{ tenant_id: t2.id }, other.name, t2.id, ['Support']],
      [{ domain: null, tenant_id: null }, null, null, []],
    ] as const;
    let shown = first;
    for (const [target, domain, tenantId, roles] of targets) {
      const headers = { ...auth(shown), 'x-domain': 'ignored.example', 'x-tenant-id': '' };
      const { body } = ok(await world().call('PATCH', path, target, headers));
      assert.deepEqual(body.context, { domain, tenant_id: tenantId });
      assert.deepEqual(body.roles, roles);
      assert.equal(body.exp, exp);
      assert.equal(claimsOf(body.token).pjti, claimsOf(shown).jti);
      shown = body.token;
    }
    ok(await world().call('PATCH', path, { domain: acme.name }, auth(first)));
  });

  test('a target that is unknown, disabled, mismatched or without role is refused alike', async () => {
    const { acme, other, t1, token } = await setUp(world());
    const off = await world().addTenant(acme, { enabled: false });
    const bare = await world().addTenant(await world().addDomain());
    const shown = await token();
    const targets = [
      { domain: 'unknown.example' },
      { domain: other.name },
      { tenant_id: off.id },
      { tenant_id: bare.id },
      { tenant_id: 'no-uuid' },
      { tenant_id: acme.name },
      { domain: other.name, tenant_id: t1.id },
      { domain: acme.id },
    ];
    for (const target of targets)
      assert.deepEqual(refusal(await world().call('PATCH', path, target, auth(shown))), forbidden);
    assert.equal((await world().call('PATCH', path, {}, auth(shown))).status, 400);
    assert.equal((await world().call('PATCH', path, { domain: 1 }, auth(shown))).status, 400);
  });

  test('a renewal without body keeps the scope, starts the life anew, and the old token stays good', async () => {
    const { acme, t1, login } = await setUp(world());
    const scope = { domain: acme.name, tenant_id: t1.id, expires_in: 600 };
    const { body: first } = ok(await login(scope));
    world().pass(5 * minute);
    const { body } = ok(await world().call('PUT', path, null, auth(first.token)));
    assert.deepEqual(body.context, first.context);
    assert.equal(body.exp, first.exp + 300);
    ok(await world().call('GET', path, null, auth(first.token)));
    world().pass(5 * minute);
    for (const method of ['PUT', 'PATCH', 'GET'] as const) {
      const late = await world().call(method, path, method === 'PATCH' ? scope : null, auth(first.token));
      assert.deepEqual(refusal(late), unauthorized);
      assert.equal(late.headers['x-expired-token'], 'true');
    }
    ok(await world().call('PUT', path, null, auth(body.token)));
    world().pass(hour);
  });

  test('a look at the token gives what it says, with or without a zone', async () => {
    const { acme, token } = await setUp(world());
    const shown = await token();
    const headers = { ...auth(shown), 'x-timezone': 'Africa/Johannesburg' };
    const { body } = ok(await world().call('GET', path, null, headers));
    assert.deepEqual(body.context, { domain: acme.name, tenant_id: null });
    assert.equal('token' in body, false);
    assert.match(body.creation_time, /\+02:00$/);
    const { iat } = claimsOf(shown);
    assert.equal(Date.parse(body.creation_time), iat * 1000);
  });

  test('roles are those of the moment: the next renewal knows what was taken', async () => {
    const { acme, t1, ann, token } = await setUp(world());
    const shown = await token({ domain: acme.name, tenant_id: t1.id });
    await world().take(ann, 'Administrator', { domain: acme });
    assert.deepEqual(ok(await world().call('PUT', path, null, auth(shown))).body.roles, ['Customer']);
    await world().take(ann, 'Customer', { tenant: t1 });
    assert.deepEqual(refusal(await world().call('PUT', path, null, auth(shown))), forbidden);
    ok(await world().call('PATCH', path, { domain: null }, auth(shown)));
  });

  test('without a token 401, with two or an empty one 400', async () => {
    assert.deepEqual(refusal(await world().call('GET', path)), unauthorized);
    assert.deepEqual(refusal(await world().call('GET', path, null, auth('a.b.c'))), unauthorized);
    for (const value of ['', ' ', 'a,b'])
      assert.equal((await world().call('GET', path, null, auth(value))).status, 400);
  });
});
