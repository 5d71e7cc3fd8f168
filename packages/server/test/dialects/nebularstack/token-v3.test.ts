/** `/v3/token` and what all tokens do at ordinary routes, over HTTP, on both engines. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  claimsOf,
  day,
  forbidden,
  ok,
  onEachEngine,
  password,
  refusal,
  unauthorized,
  type World,
} from './fixture.ts';

const path = '/v3/token';
const auth = (token: string) => ({ 'x-auth-token': token });
/** A route that needs a token and no role. */
const ordinary = '/v1/password';

async function setUp(world: World) {
  const acme = await world.addDomain();
  const t1 = await world.addTenant(acme);
  const foreign = await world.addTenant(await world.addDomain());
  const ann = await world.addUser(acme, { name: 'Ann' });
  await world.give(ann, 'Administrator', { domain: acme });
  await world.give(ann, 'Customer', { tenant: t1 });
  const login = (headers = {}) =>
    world.call('POST', path, { username: ann.username, password, domain: acme.name }, headers);
  /** 400 says that the caller was let in: the body is empty. */
  const use = async (token: string, headers = {}) =>
    await world.call('PUT', ordinary, {}, { ...auth(token), ...headers });
  return { acme, t1, foreign, ann, login, use };
}

onEachEngine((world) => {
  test('each sign-in gives a token of its own without an end and without roles in it', async () => {
    const { acme, t1, ann, login } = await setUp(world());
    const { body } = ok(
      await login({ 'x-domain': acme.name, 'x-tenant-id': t1.id, 'x-timezone': 'Nowhere/At-All' }),
    );
    const { token, token_id: tokenId, creation_time: created, ...facts } = body;
    assert.deepEqual(facts, {
      token_app: 'API',
      context: { domain: acme.name, tenant_id: t1.id },
      domain: acme.name,
      tenant_id: t1.id,
      user_id: ann.id,
      username: ann.username,
      name: 'Ann',
      roles: ['Administrator', 'Customer'],
    });
    assert.match(created, /\+00:00$/);
    const claims = claimsOf(token);
    assert.equal(claims.jti, tokenId);
    assert.equal('exp' in claims || 'roles' in claims, false);
    const other = ok(await login()).body;
    assert.deepEqual(other.context, { domain: null, tenant_id: null });
    assert.notEqual(claimsOf(other.token).sid, claims.sid);
    assert.deepEqual(refusal(await login({ 'x-domain': 'other.example' })), forbidden);
  });

  test('a token lives by being used: 364 days, and 364 again; not 365', async () => {
    const { login, use } = await setUp(world());
    const [used, idle] = [ok(await login()).body.token, ok(await login()).body.token];
    world().pass(364 * day);
    assert.equal((await use(used)).status, 400);
    world().pass(364 * day);
    assert.equal((await use(used)).status, 400);
    const late = await use(idle);
    assert.deepEqual(refusal(late), unauthorized);
    assert.equal(late.headers['x-expired-token'], 'true');
    world().pass(365 * day);
    assert.equal((await use(used)).headers['x-expired-token'], 'true');
  });

  test('a purged token is good for nothing more, and not called expired', async () => {
    const { acme, login, use } = await setUp(world());
    const { token } = ok(await login()).body;
    const headers = { ...auth(token), 'content-type': 'application/json', 'x-domain': acme.name };
    assert.equal((await world().call('DELETE', path, null, headers)).status, 204);
    for (const answer of [await world().call('DELETE', path, null, headers), await use(token)]) {
      assert.deepEqual(refusal(answer), unauthorized);
      assert.equal(answer.headers['x-expired-token'], undefined);
    }
    for (const method of ['PUT', 'PATCH', 'GET'] as const)
      assert.equal((await world().call(method, path, null, auth(token))).status, 405);
  });

  test('headers choose the context of an unscoped token, and narrow that of a scoped one', async () => {
    const { acme, t1, foreign, login, use } = await setUp(world());
    const unscoped = ok(await login()).body.token;
    const inDomain = ok(await login({ 'x-domain': acme.name })).body.token;
    const inTenant = ok(await login({ 'x-tenant-id': t1.id })).body.token;
    const [domain, tenant] = [
      { 'X-Domain': acme.name.toUpperCase() },
      { 'x-tenant-id': t1.id.toUpperCase() },
    ];
    const strange = [
      { 'x-tenant-id': foreign.id },
      { 'x-domain': 'other.example' },
      { 'x-tenant-id': acme.name },
    ];
    for (const token of [unscoped, inDomain, inTenant]) {
      for (const headers of [{}, domain, tenant, { ...domain, ...tenant }])
        assert.equal((await use(token, headers)).status, 400, JSON.stringify(headers));
      for (const headers of strange) assert.deepEqual(refusal(await use(token, headers)), forbidden);
      for (const headers of [{ 'x-domain': '' }, { 'x-tenant-id': `${t1.id},${t1.id}` }])
        assert.match((await use(token, headers)).body.error.description, /^X-/);
    }
  });

  test('an unscoped token of the other versions takes no context from headers', async () => {
    const { acme, ann, use } = await setUp(world());
    for (const version of [1, 2]) {
      const body = { username: ann.username, password, user_domain: acme.name };
      const { token } = ok(await world().call('POST', `/v${version}/token`, body)).body;
      assert.equal((await use(token)).status, 400);
      assert.deepEqual(refusal(await use(token, { 'x-domain': acme.name })), forbidden);
    }
  });
});
