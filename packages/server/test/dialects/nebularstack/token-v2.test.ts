/** `/v2/token` over HTTP, on both engines. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { updateDomain } from '../../../src/store/domains.ts';
import { changeUser, deleteUser } from '../../../src/store/users.ts';
import {
  claimsOf,
  day,
  forbidden,
  hour,
  ok,
  onEachEngine,
  password,
  refusal,
  second,
  unauthorized,
  type World,
} from './fixture.ts';

const path = '/v2/token';
const auth = (token: string) => ({ 'x-auth-token': token });

async function setUp(world: World) {
  const acme = await world.addDomain();
  const other = await world.addDomain();
  const [t1, t2] = [await world.addTenant(acme), await world.addTenant(other)];
  const ann = await world.addUser(acme, { name: 'Ann' });
  await world.give(ann, 'Administrator', { domain: acme });
  await world.give(ann, 'Customer', { tenant: t1 });
  await world.give(ann, 'Support', { tenant: t2 });
  const login = (fields: object = {}, headers = {}) =>
    world.call('POST', path, { username: ann.username, password, domain: acme.name, ...fields }, headers);
  const pair = async (fields: object = {}) => ok(await login(fields)).body;
  const renew = (token: string, refreshToken: unknown) =>
    world.call('PUT', path, { refresh_token: refreshToken }, auth(token));
  const rescope = (token: string, body: object) => world.call('PATCH', path, body, auth(token));
  return { acme, other, t1, t2, ann, login, pair, renew, rescope };
}

onEachEngine((world) => {
  test('a sign-in gives an access token for an hour and a refresh token for thirty days', async () => {
    const { acme, ann, pair } = await setUp(world());
    const { token, refresh_token: refreshToken, exp, refresh_exp: refreshExp, ...facts } = await pair();
    const { creation_time: _, ...rest } = facts;
    assert.deepEqual(rest, {
      type: 'standard',
      context: { domain: acme.name, tenant_id: null },
      domain: acme.name,
      user_id: ann.id,
      username: ann.username,
      user_domain: acme.name,
      name: 'Ann',
      roles: ['Administrator'],
    });
    assert.match(refreshToken, /^[A-Za-z0-9]{64}$/);
    const now = world().nowSeconds();
    assert.ok(Math.abs(exp - now - 3600) <= 1 && Math.abs(refreshExp - now - 30 * 86_400) <= 1);
    assert.equal(claimsOf(token).ver, 2);
  });

  test('the scope comes from body or headers; where both speak they must agree', async () => {
    const { acme, other, t1, t2, login } = await setUp(world());
    const cases = [
      [{ domain: undefined, user_domain: acme.name }, {}, null, null],
      [{ tenant_id: t1.id }, {}, acme.name, t1.id],
      [{}, { 'X-Tenant-Id': t1.id }, acme.name, t1.id],
      [{}, { 'X-Domain': other.name, 'X-Tenant-ID': t2.id }, other.name, t2.id],
      [{ domain: undefined, user_domain: acme.name }, { 'X-Tenant-ID': t2.id }, other.name, t2.id],
    ] as const;
    for (const [fields, headers, domain, tenantId] of cases)
      assert.deepEqual(ok(await login(fields, headers)).body.context, { domain, tenant_id: tenantId });
    const contradictions = [
      [{ user_domain: acme.name }, { 'x-domain': other.name }],
      [{ tenant_id: t1.id }, { 'x-tenant-id': t2.id }],
      [{ domain: undefined }, {}],
      [{ type: 'other' }, {}],
      [{}, { 'x-domain': '' }],
      [{}, { 'x-tenant-id': `${t1.id}, ${t1.id}` }],
    ] as const;
    for (const [fields, headers] of contradictions)
      assert.equal((await login(fields, headers)).status, 400, JSON.stringify([fields, headers]));
    for (const fields of [{ tenant_id: t2.id }, { domain: acme.name, tenant_id: 'none' }])
      assert.deepEqual(refusal(await login(fields)), forbidden);
  });

  test('a second sign-in of the same type goes on with the session: same text, thirty days anew', async () => {
    const { pair } = await setUp(world());
    const first = await pair();
    world().pass(10 * day);
    const again = await pair();
    assert.equal(again.refresh_token, first.refresh_token);
    assert.ok(again.refresh_exp - first.refresh_exp >= 10 * 86_400);
    assert.equal(claimsOf(again.token).sid, claimsOf(first.token).sid);
    assert.ok(claimsOf(again.token).auth_time > claimsOf(first.token).auth_time);
    assert.notEqual((await pair({ type: 'minimal' })).refresh_token, first.refresh_token);
    world().pass(30 * day + second);
    const later = await pair();
    assert.notEqual(later.refresh_token, first.refresh_token);
  });

  test('of many who sign in at once all get one and the same refresh token, which works', async () => {
    const { pair, renew } = await setUp(world());
    const pairs = await Promise.all(Array.from({ length: 12 }, () => pair()));
    assert.equal(new Set(pairs.map((each) => each.refresh_token)).size, 1);
    for (const each of pairs) ok(await renew(each.token, each.refresh_token));
  });

  test('a renewal, also of an expired token, keeps scope, type and text, and gives thirty days anew', async () => {
    const { t1, pair, renew } = await setUp(world());
    const first = await pair({ tenant_id: t1.id });
    world().pass(29 * day);
    const { body } = ok(await renew(first.token, first.refresh_token));
    assert.deepEqual(body.context, first.context);
    assert.equal(body.refresh_token, first.refresh_token);
    assert.equal(claimsOf(body.token).pjti, claimsOf(first.token).jti);
    world().pass(29 * day);
    ok(await renew(body.token, first.refresh_token));
  });

  test('devices that share a session keep each its own scope', async () => {
    const { acme, t1, pair, renew } = await setUp(world());
    const phone = await pair({ tenant_id: t1.id });
    const desk = await pair();
    assert.equal(ok(await renew(phone.token, phone.refresh_token)).body.tenant_id, t1.id);
    assert.equal(ok(await renew(desk.token, desk.refresh_token)).body.tenant_id, undefined);
    assert.equal(ok(await renew(phone.token, phone.refresh_token)).body.domain, acme.name);
  });

  test('an unused refresh token expires after thirty days; so does what is shown thirty days after its end', async () => {
    const { pair, renew, rescope } = await setUp(world());
    const first = await pair();
    world().pass(31 * day);
    const late = await renew(first.token, first.refresh_token);
    assert.deepEqual(refusal(late), unauthorized);
    assert.equal(late.headers['x-expired-token'], 'true');
    const second = await pair();
    world().pass(20 * day);
    const kept = ok(await renew(second.token, second.refresh_token)).body;
    world().pass(11 * day);
    const old = await renew(second.token, second.refresh_token);
    assert.equal(old.headers['x-expired-token'], 'true');
    ok(await renew(kept.token, second.refresh_token));
    const forgotten = await rescope(second.token, { domain: null, refresh_token: second.refresh_token });
    assert.equal(forgotten.status, 401);
  });

  test('no refresh token but the session’s own revives a token', async () => {
    const { pair, renew } = await setUp(world());
    const { pair: strangersPair } = await setUp(world());
    const [first, minimal, stranger] = [await pair(), await pair({ type: 'minimal' }), await strangersPair()];
    world().pass(2 * hour);
    const flipped = first.refresh_token.replace(/.$/, (last: string) => (last === 'A' ? 'B' : 'A'));
    for (const text of [minimal.refresh_token, stranger.refresh_token, flipped, 'x'.repeat(64), '']) {
      const refused = await renew(first.token, text);
      assert.deepEqual(refusal(refused), unauthorized);
      assert.equal(refused.headers['x-expired-token'], undefined);
    }
    const forged = `${first.token.slice(0, -8)}AAAAAAAA`;
    assert.deepEqual(refusal(await renew(forged, first.refresh_token)), unauthorized);
    assert.equal((await renew(first.token, undefined)).status, 400);
    assert.equal((await renew(first.token, 5)).status, 400);
  });

  test('a rescope gives a fresh hour in any permitted scope and keeps the type, whatever the body claims', async () => {
    const { acme, t1, t2, pair, rescope } = await setUp(world());
    for (const type of ['standard', 'minimal']) {
      const first = await pair({ type });
      const extra = { type: 'standard', user_id: 'x', username: 'x', refresh_token: first.refresh_token };
      world().pass(2 * hour);
      const { body } = ok(await rescope(first.token, { tenant_id: t2.id, ...extra }));
      assert.deepEqual([body.type, body.tenant_id], [type, t2.id]);
      assert.deepEqual(body.roles, type === 'minimal' ? [] : ['Support']);
      assert.ok(body.exp - world().nowSeconds() > 3590);
      const back = ok(await rescope(body.token, { domain: acme.name, tenant_id: t1.id, ...extra })).body;
      assert.equal(back.tenant_id, t1.id);
      assert.deepEqual(
        refusal(await rescope(back.token, { domain: 'unknown.example', ...extra })),
        forbidden,
      );
    }
  });

  test('a rescope by password signs in again: same text, new time; never with an expired token', async () => {
    const { acme, pair, rescope } = await setUp(world());
    const first = await pair({ domain: undefined, user_domain: acme.name });
    world().pass(10 * 60 * second);
    const { body } = ok(await rescope(first.token, { domain: acme.name, password }));
    assert.equal(body.refresh_token, first.refresh_token);
    assert.ok(claimsOf(body.token).auth_time > claimsOf(first.token).auth_time);
    assert.deepEqual(
      refusal(await rescope(first.token, { domain: acme.name, password: 'wrong' })),
      unauthorized,
    );
    for (const credentials of [{}, { password, refresh_token: first.refresh_token }])
      assert.equal((await rescope(first.token, { domain: acme.name, ...credentials })).status, 400);
    world().pass(hour);
    const late = await rescope(first.token, { domain: acme.name, password });
    assert.equal(late.headers['x-expired-token'], 'true');
  });

  test('a refused scope or user changes nothing and is known at the very next renewal', async () => {
    const { acme, t1, ann, pair, renew } = await setUp(world());
    const { database } = world().server.core;
    const first = await pair({ tenant_id: t1.id });
    await world().take(ann, 'Administrator', { domain: acme });
    assert.deepEqual(ok(await renew(first.token, first.refresh_token)).body.roles, ['Customer']);
    await world().take(ann, 'Customer', { tenant: t1 });
    assert.deepEqual(refusal(await renew(first.token, first.refresh_token)), forbidden);
    await world().give(ann, 'Customer', { tenant: t1 });
    ok(await renew(first.token, first.refresh_token));
    await database.write([updateDomain(database, { ...acme, enabled: false })]);
    assert.deepEqual(refusal(await renew(first.token, first.refresh_token)), unauthorized);
    await database.write([updateDomain(database, acme)]);
    await changeUser(database, ann.id, (user) => ({ user: { ...user, enabled: false }, result: null }));
    assert.deepEqual(refusal(await renew(first.token, first.refresh_token)), unauthorized);
    await database.write(deleteUser(database, ann.id));
    assert.deepEqual(refusal(await renew(first.token, first.refresh_token)), unauthorized);
  });

  test('tokens of another version are forbidden, those of nobody are not known', async () => {
    const { acme, ann, pair, renew } = await setUp(world());
    const body = { username: ann.username, password, domain: acme.name };
    const v1 = ok(await world().call('POST', '/v1/token', body)).body.token;
    const v2 = await pair();
    assert.deepEqual(refusal(await renew(v1, v2.refresh_token)), forbidden);
    assert.deepEqual(refusal(await world().call('PUT', '/v1/token', null, auth(v2.token))), forbidden);
    assert.deepEqual(refusal(await world().call('DELETE', '/v3/token', null, auth(v2.token))), forbidden);
    const own = await world().call('POST', '/api/v1/auth/tokens', {
      username: 'admin',
      password: 'Aa1!-first-start',
    });
    assert.deepEqual(refusal(await renew(own.body.jwt, v2.refresh_token)), unauthorized);
  });

  test('no token lives beyond the longest session, however often it is renewed', async () => {
    const { pair, renew } = await setUp(world());
    const { database } = world().server.core;
    const set = (value: string) =>
      database.write([
        {
          query: database.queries
            .insertInto('settings')
            .values({ name: 'MAXIMUM_SESSION_LIFETIME', value })
            .onConflict((conflict) => conflict.column('name').doUpdateSet({ value })),
          mustChange: 'one',
        },
        {
          query: database.queries
            .updateTable('configuration')
            .set((eb) => ({ version: eb('version', '+', 1) })),
          mustChange: 'one',
        },
      ]);
    await set('2h');
    try {
      const first = await pair();
      assert.ok(first.refresh_exp - world().nowSeconds() <= 7200);
      world().pass(90 * 60 * second);
      const { body } = ok(await renew(first.token, first.refresh_token));
      assert.ok(body.exp <= first.refresh_exp && body.exp - world().nowSeconds() <= 1800);
      world().pass(31 * 60 * second);
      const late = await renew(body.token, first.refresh_token);
      assert.equal(late.headers['x-expired-token'], 'true');
      assert.notEqual((await pair()).refresh_token, first.refresh_token);
    } finally {
      await set('');
    }
  });
});
