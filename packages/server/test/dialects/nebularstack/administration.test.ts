/** `/v1/users`, `/v1/tenants`, `/v1/domains` over HTTP, on both engines. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { names, signIn, signInRoot } from './administration-fixture.ts';
import { forbidden, ok, onEachEngine, password, refusal, type World } from './fixture.ts';

/** A domain with an administrator, a supporter, a customer of its one tenant; and another domain likewise. */
async function setUp(world: World) {
  const [acme, other] = [await world.addDomain(), await world.addDomain()];
  const [t1, t2] = [await world.addTenant(acme), await world.addTenant(other)];
  const ann = await world.addUser(acme, { name: 'Ann' });
  const sue = await world.addUser(acme, { name: 'Sue' });
  const cy = await world.addUser(acme, { name: 'Cy' });
  const bob = await world.addUser(other);
  await world.give(ann, 'Administrator', { domain: acme });
  await world.give(sue, 'Support', { domain: acme });
  await world.give(cy, 'Customer', { tenant: t1 });
  await world.give(bob, 'Administrator', { domain: other });
  const asAnn = await signIn(world, ann, acme.name, { domain: acme.name });
  return { acme, other, t1, t2, ann, sue, cy, bob, asAnn };
}

onEachEngine((world) => {
  test('the first administrator makes a domain, a tenant in it and a user who signs in', async () => {
    const asRoot = await signInRoot(world());
    const name = `made-${Math.random().toString(36).slice(2)}.example`;
    const domain = ok(await asRoot('POST', '/v1/domain', { name: name.toUpperCase() })).body;
    assert.deepEqual([domain.name, domain.enabled], [name, true]);
    const tenant = ok(await asRoot('POST', '/v1/tenant', { name: 'production', domain: name })).body;
    assert.deepEqual([tenant.name, tenant.domain, tenant.enabled], ['production', name, true]);
    const fields = { username: 'ada', password, name: 'Ada', org_name: 'Analytical', country: 'GB' };
    const user = ok(await asRoot('POST', '/v1/user', { ...fields, domain: name })).body;
    const { id, creation_time, ...members } = user;
    assert.match(creation_time, /\+00:00$/);
    assert.deepEqual(members, {
      username: 'ada',
      domain: name,
      name: 'Ada',
      email: null,
      enabled: true,
      org_name: 'Analytical',
      id_type: null,
      id_no: null,
      address_line1: null,
      address_line2: null,
      address_line3: null,
      address_line4: null,
      country: 'GB',
      mfa_enabled: false,
    });
    const path = `/v1/user/${id}/assignment/Identity%20Administrator/${name}/none`;
    assert.deepEqual(ok(await asRoot('POST', path)).body, {
      role: 'Identity Administrator',
      domain: name,
      tenant_id: null,
    });
    const asAda = await signIn(world(), user, name, { domain: name });
    assert.deepEqual(names(await asAda('GET', '/v1/users'), 'username'), ['ada']);
    assert.deepEqual(names(await asAda('GET', '/v1/tenants')), ['production']);
    assert.deepEqual(names(await asAda('GET', '/v1/domains')), [name]);
  });

  test('what is foreign and what is unknown are refused alike, whatever is asked', async () => {
    const { asAnn, bob, t2, other } = await setUp(world());
    const unknown = '0a000000-0000-4000-8000-000000000000';
    const refused = [
      ...[bob.id, unknown, 'nobody'].flatMap((id) => [
        asAnn('GET', `/v1/user/${id}`),
        asAnn('PATCH', `/v1/user/${id}`, { name: 'Mallory' }),
        asAnn('DELETE', `/v1/user/${id}`),
        asAnn('DELETE', `/v1/user/${id}/mfa`),
        asAnn('GET', `/v1/user/${id}/assignments`),
        asAnn('POST', `/v1/user/${id}/assignment/Administrator/${other.name}`),
      ]),
      ...[t2.id, unknown, 'nowhere'].flatMap((id) => [
        asAnn('GET', `/v1/tenant/${id}`),
        asAnn('PATCH', `/v1/tenant/${id}`, { enabled: false }),
        asAnn('DELETE', `/v1/tenant/${id}`),
      ]),
      ...[other.name, 'nowhere.example', 'root'].flatMap((name) => [
        asAnn('GET', `/v1/domain/${name}`),
        asAnn('PATCH', `/v1/domain/${name}`, { enabled: false }),
        asAnn('DELETE', `/v1/domain/${name}`),
        asAnn('POST', '/v1/tenant', { name: 'x', domain: name }),
        asAnn('POST', '/v1/user', { username: 'x', password, domain: name }),
      ]),
      asAnn('POST', '/v1/domain', { name: 'mine.example' }),
    ];
    for (const answer of await Promise.all(refused)) assert.deepEqual(refusal(answer), forbidden);
  });

  test('readers see and do not change; who holds nothing sees nothing', async () => {
    const { acme, t1, ann, sue, cy } = await setUp(world());
    const asSue = await signIn(world(), sue, acme.name, { domain: acme.name });
    assert.equal(names(await asSue('GET', '/v1/users')).length, 3);
    ok(await asSue('GET', `/v1/user/${ann.id}`));
    ok(await asSue('GET', `/v1/tenant/${t1.id}`));
    const changes = [
      asSue('PATCH', `/v1/user/${cy.id}`, { name: 'X' }),
      asSue('POST', '/v1/user', { username: 'x', password }),
      asSue('DELETE', `/v1/tenant/${t1.id}`),
      asSue('POST', `/v1/user/${cy.id}/assignment/Support/${acme.name}`),
    ];
    for (const answer of await Promise.all(changes)) assert.deepEqual(refusal(answer), forbidden);
    const nobody = await world().addUser(acme);
    const asNobody = await signIn(world(), nobody, acme.name);
    assert.deepEqual(refusal(await asNobody('GET', '/v1/users')), forbidden);
    assert.deepEqual(names(await asNobody('GET', '/v1/tenants')), []);
    assert.deepEqual(names(await asNobody('GET', '/v1/domains')), []);
    assert.deepEqual(refusal(await asNobody('GET', `/v1/user/${nobody.id}`)), forbidden);
  });

  test('in a tenant there are only the tenant and those who hold a role in it, and nothing can be made', async () => {
    const { acme, t1, cy, sue, asAnn } = await setUp(world());
    const inTenant = { 'X-Tenant-Id': t1.id };
    assert.deepEqual(names(await asAnn('GET', '/v1/users', null, inTenant)), [cy.name]);
    assert.deepEqual(names(await asAnn('GET', '/v1/tenants', null, inTenant)), [t1.name]);
    ok(await asAnn('GET', `/v1/user/${cy.id}`, null, inTenant));
    const outside = [
      asAnn('GET', `/v1/user/${sue.id}`, null, inTenant),
      asAnn('POST', '/v1/user', { username: 'x', password }, inTenant),
      asAnn('POST', '/v1/tenant', { name: 'x' }, inTenant),
      asAnn('PATCH', `/v1/domain/${acme.name}`, { enabled: false }, inTenant),
      asAnn('DELETE', `/v1/domain/${acme.name}`, null, inTenant),
      asAnn('POST', `/v1/user/${cy.id}/assignment/Administrator/${acme.name}`, null, inTenant),
    ];
    for (const answer of await Promise.all(outside)) assert.deepEqual(refusal(answer), forbidden);
  });

  test('a guest in a tenant is seen there, and stays in the hands of their own domain', async () => {
    const { t1, other, asAnn } = await setUp(world());
    const guest = await world().addUser(other);
    await world().give(guest, 'Customer', { tenant: t1 });
    const inTenant = { 'X-Tenant-Id': t1.id };
    ok(await asAnn('GET', `/v1/user/${guest.id}`, null, inTenant));
    for (const [method, url] of [
      ['PATCH', `/v1/user/${guest.id}`],
      ['DELETE', `/v1/user/${guest.id}/mfa`],
      ['DELETE', `/v1/user/${guest.id}`],
    ] as const)
      assert.deepEqual(refusal(await asAnn(method, url, { password: 'New-pass-1' }, inTenant)), forbidden);
  });

  test('an administrator of a tenant has no say over an account that holds anything beside it', async () => {
    const { acme, t1, ann, cy } = await setUp(world());
    const tim = await world().addUser(acme);
    await world().give(tim, 'Administrator', { tenant: t1 });
    const asTim = await signIn(world(), tim, acme.name, { tenant_id: t1.id });
    ok(await asTim('PATCH', `/v1/user/${cy.id}`, { name: 'Cyril' }));
    await world().give(ann, 'Customer', { tenant: t1 });
    assert.deepEqual(
      refusal(await asTim('PATCH', `/v1/user/${ann.id}`, { password: 'New-pass-1' })),
      forbidden,
    );
    await world().give(cy, 'Customer', { domain: acme });
    assert.deepEqual(
      refusal(await asTim('PATCH', `/v1/user/${cy.id}`, { password: 'New-pass-1' })),
      forbidden,
    );
  });

  test('who holds a role everywhere is changed only by who holds it everywhere, too', async () => {
    const { acme, ann, cy, asAnn } = await setUp(world());
    await world().give(cy, 'Support');
    const changes = [
      () => asAnn('PATCH', `/v1/user/${cy.id}`, { password: 'New-pass-1' }),
      () => asAnn('DELETE', `/v1/user/${cy.id}/mfa`),
      () => asAnn('DELETE', `/v1/user/${cy.id}`),
    ];
    for (const change of changes) assert.deepEqual(refusal(await change()), forbidden);
    await world().give(ann, 'Support');
    ok((await changes[0]?.()) ?? assert.fail());
    const asRoot = await signInRoot(world());
    const root = ok(await asRoot('GET', '/v1/users?username=admin')).body.payload[0];
    await world().give(ann, 'Administrator');
    const everywhere = await signIn(world(), ann, acme.name);
    assert.deepEqual(refusal(await everywhere('PATCH', `/v1/user/${root.id}`, { name: 'x' })), forbidden);
  });

  test('who has less power over accounts does not get at who has more', async () => {
    const { acme, ann, cy } = await setUp(world());
    const ida = await world().addUser(acme);
    await world().give(ida, 'Identity Administrator', { domain: acme });
    const asIda = await signIn(world(), ida, acme.name, { domain: acme.name });
    ok(await asIda('PATCH', `/v1/user/${cy.id}`, { password: 'New-pass-1' }));
    const change = { password: 'New-pass-1' };
    assert.deepEqual(refusal(await asIda('PATCH', `/v1/user/${ann.id}`, change)), forbidden);
  });

  test('a change keeps what it does not name, clears what is null, and leaves names alone', async () => {
    const { cy, acme, asAnn } = await setUp(world());
    const path = `/v1/user/${cy.id}`;
    const sent = {
      email: 'cy@acme.example',
      id_type: 'passport',
      id_no: 'X1',
      address_line4: 'Cape Town',
      type: 7,
    };
    ok(await asAnn('PATCH', path, sent));
    ok(await asAnn('PATCH', path, { id_no: null, username: cy.username, domain: acme.name }));
    const { body } = ok(await asAnn('GET', path));
    assert.deepEqual(
      [body.name, body.email, body.id_type, body.id_no, body.address_line4],
      ['Cy', 'cy@acme.example', 'passport', null, 'Cape Town'],
    );
    for (const [field, value] of [
      ['username', 'cyril'],
      ['domain', 'other.example'],
      ['name', 7],
      ['enabled', 'yes'],
      ['email', 'nonsense'],
      ['password', 'weak'],
    ] as const) {
      const { status, body: refused } = await asAnn('PATCH', path, { [field]: value });
      assert.equal(status, 400);
      assert.match(refused.error.description, new RegExp(`^${field}`));
    }
  });

  test('a new password, and being disabled, end the sessions; an enabled user signs in anew', async () => {
    const { acme, cy, asAnn, t1 } = await setUp(world());
    const tokenOfCy = () => signIn(world(), cy, acme.name, { tenant_id: t1.id });
    for (const change of [{ enabled: false }, { password: 'Another-1-pass' }]) {
      const asCy = await tokenOfCy();
      ok(await asCy('GET', '/v1/access'));
      ok(await asAnn('PATCH', `/v1/user/${cy.id}`, change));
      assert.equal((await asCy('GET', '/v1/access')).status, 401);
      ok(await asAnn('PATCH', `/v1/user/${cy.id}`, { enabled: true }));
      assert.equal((await asCy('GET', '/v1/access')).status, 401);
    }
  });

  test('a deleted user is gone, and a taken name is refused', async () => {
    const { acme, cy, asAnn } = await setUp(world());
    const again = { username: cy.username.toUpperCase(), password };
    assert.equal((await asAnn('POST', '/v1/user', again)).status, 400);
    assert.equal((await asAnn('DELETE', `/v1/user/${cy.id}`)).status, 204);
    assert.deepEqual(refusal(await asAnn('GET', `/v1/user/${cy.id}`)), forbidden);
    assert.notEqual(ok(await asAnn('POST', '/v1/user', again)).body.id, cy.id);
    assert.equal((await asAnn('POST', '/v1/tenant', { name: 'x' })).body.domain, acme.name);
    assert.equal((await asAnn('POST', '/v1/tenant', { name: 'X' })).status, 400);
  });

  test('a domain goes when it is empty; root stays', async () => {
    const { other, t2, bob } = await setUp(world());
    const asRoot = await signInRoot(world());
    const path = `/v1/domain/${other.name}`;
    assert.equal((await asRoot('DELETE', path)).status, 400);
    assert.equal((await asRoot('DELETE', `/v1/tenant/${t2.id}`)).status, 204);
    assert.equal((await asRoot('DELETE', `/v1/user/${bob.id}`)).status, 204);
    assert.equal((await asRoot('DELETE', path)).status, 204);
    assert.deepEqual(refusal(await asRoot('GET', path)), forbidden);
    assert.equal((await asRoot('PATCH', '/v1/domain/root', { enabled: false })).status, 400);
    for (const name of ['none', 'ROOT', 'with space', '-a', 'a..b', ''])
      assert.equal((await asRoot('POST', '/v1/domain', { name })).status, 400, name);
  });

  test('the last who holds Root keeps it and their account', async () => {
    const asRoot = await signInRoot(world());
    const root = ok(await asRoot('GET', '/v1/users?username=admin')).body.payload[0];
    const path = `/v1/user/${root.id}`;
    assert.equal((await asRoot('DELETE', path)).status, 400);
    assert.equal((await asRoot('PATCH', path, { enabled: false })).status, 400);
    assert.equal((await asRoot('DELETE', `${path}/assignment/Root`)).status, 400);
    assert.equal((await asRoot('DELETE', `${path}/assignment/admin/root`)).status, 400);
    ok(await asRoot('GET', path));
  });

  test('minimal tokens read and change nothing here; anybody may ask for endpoints, with a token for access', async () => {
    const { acme, ann, t1 } = await setUp(world());
    const login = { domain: acme.name, username: ann.username, password, type: 'minimal' };
    const token = ok(await world().call('POST', '/v2/token', login)).body.token;
    const headers = { 'x-auth-token': token };
    for (const [method, url] of [
      ['GET', '/v1/users'],
      ['GET', '/v1/tenants'],
      ['GET', '/v1/domains'],
      ['GET', '/v1/roles'],
      ['GET', `/v1/user/${ann.id}`],
      ['GET', `/v1/user/${ann.id}/assignments`],
      ['PATCH', `/v1/user/${ann.id}`],
      ['DELETE', `/v1/user/${ann.id}/mfa`],
      ['POST', `/v1/user/${ann.id}/assignment/Administrator/${acme.name}`],
      ['DELETE', `/v1/tenant/${t1.id}`],
    ] as const)
      assert.deepEqual(refusal(await world().call(method, url, {}, headers)), forbidden);
    const { body } = ok(await world().call('GET', '/v1/access', null, headers));
    assert.deepEqual(
      body.payload.map(({ roles }: { roles: string[] }) => roles),
      [[], []],
    );
    const [endpoint] = ok(await world().call('GET', '/v1/endpoints')).body.payload;
    assert.deepEqual(Object.keys(endpoint), ['name', 'interface', 'region', 'uri']);
    assert.equal((await world().call('GET', '/v1/access')).status, 401);
  });
});
