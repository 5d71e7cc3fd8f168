/** Roles given and taken at three levels, and where they lead, over HTTP on both engines. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { User } from '../../../src/domain/user.ts';
import { type As, names, signIn, signInRoot, withToken } from './administration-fixture.ts';
import { type Answer, forbidden, ok, onEachEngine, password, refusal, type World } from './fixture.ts';

async function setUp(world: World) {
  const [acme, other] = [await world.addDomain(), await world.addDomain()];
  const [t1, t2] = [await world.addTenant(acme), await world.addTenant(other)];
  const ann = await world.addUser(acme);
  const cy = await world.addUser(acme);
  await world.give(ann, 'Identity Administrator', { domain: acme });
  await world.give(ann, 'Support', { tenant: t1 });
  const asAnn = await signIn(world, ann, acme.name, { domain: acme.name });
  return { acme, other, t1, t2, ann, cy, asAnn };
}

function path(user: User, ...parts: string[]): string {
  return ['/v1/user', user.id, 'assignment', ...parts.map(encodeURIComponent)].join('/');
}

onEachEngine((world) => {
  test('a held role, with a space in its name, is given and taken; again changes nothing', async () => {
    const { acme, cy, asAnn, t1 } = await setUp(world());
    const role = 'Identity Administrator';
    for (const target of [[acme.name], [acme.name, 'none'], [acme.name, 'None']]) {
      const item = { role, domain: acme.name, tenant_id: null };
      assert.deepEqual(ok(await asAnn('POST', path(cy, role, ...target))).body, item);
      ok(await asAnn('POST', path(cy, role, ...target)));
      assert.deepEqual(ok(await asAnn('GET', `/v1/user/${cy.id}/assignments`)).body.payload, [item]);
      assert.equal((await asAnn('DELETE', path(cy, role, ...target))).status, 204);
      assert.equal((await asAnn('DELETE', path(cy, role, ...target))).status, 204);
    }
    const item = { role: 'Support', domain: acme.name, tenant_id: t1.id };
    assert.deepEqual(ok(await asAnn('POST', path(cy, 'Support', 'none', t1.id.toUpperCase()))).body, item);
    ok(await asAnn('POST', path(cy, 'Support', acme.name.toUpperCase(), t1.id)));
    assert.deepEqual(names(await asAnn('GET', `/v1/user/${cy.id}/assignments`), 'role'), ['Support']);
  });

  test('nobody gives or takes what they do not hold there, nor outside of their scope', async () => {
    const { acme, other, t1, t2, ann, cy, asAnn } = await setUp(world());
    await world().give(ann, 'Identity Administrator', { domain: other });
    const refused = [
      [cy, 'Administrator', acme.name],
      // Held in the tenant only.
      [cy, 'Support', acme.name],
      // Held there, but outside of the token's scope.
      [cy, 'Identity Administrator', other.name],
      [cy, 'Identity Administrator', 'none', t2.id],
      [cy, 'Identity Administrator'],
      [cy, 'Identity Administrator', 'none', 'none'],
      // The tenant is not of that domain.
      [cy, 'Support', other.name, t1.id],
      [cy, 'Support', 'nowhere.example', t1.id],
      [cy, 'Support', acme.name, t2.id],
      [cy, 'identity administrator', acme.name],
      [cy, 'Identity+Administrator', acme.name],
      [cy, 'No Such Role', acme.name],
      [cy, 'Root', acme.name],
      [cy, 'Root'],
      [cy, 'admin', acme.name],
    ] as const;
    for (const [user, ...parts] of refused)
      for (const method of ['POST', 'DELETE'] as const)
        assert.deepEqual(refusal(await asAnn(method, path(user, ...parts))), forbidden, parts.join(' '));
    assert.deepEqual(ok(await asAnn('GET', `/v1/user/${cy.id}/assignments`)).body.payload, []);
  });

  test('the roles that count are those held now, not those of the token', async () => {
    const { acme, ann, cy, asAnn } = await setUp(world());
    await world().take(ann, 'Identity Administrator', { domain: acme });
    await world().give(ann, 'Administrator', { domain: acme });
    const identity = path(cy, 'Identity Administrator', acme.name);
    assert.deepEqual(refusal(await asAnn('POST', identity)), forbidden);
    ok(await asAnn('POST', path(cy, 'Administrator', acme.name)));
  });

  test('Root is given everywhere only, with a token for no scope, and then counts as every role', async () => {
    const { acme, t1, cy } = await setUp(world());
    const asRoot = await signInRoot(world());
    for (const target of [[acme.name], [acme.name, t1.id]])
      assert.deepEqual(refusal(await asRoot('POST', path(cy, 'Root', ...target))), forbidden);
    const inRoot = await signInRoot(world(), { domain: 'root' });
    assert.deepEqual(refusal(await inRoot('POST', path(cy, 'Root'))), forbidden);
    ok(await asRoot('POST', path(cy, 'Root')));
    const asCy = await signIn(world(), cy, acme.name);
    const eve = await world().addUser(acme);
    for (const role of ['Subscriber Support', 'Customer', 'admin', 'Root'])
      ok(await asCy('POST', path(eve, role)));
    assert.equal((await asRoot('DELETE', path(eve, 'Root'))).status, 204);
    assert.equal((await asRoot('DELETE', path(cy, 'Root'))).status, 204);
    assert.equal((await asCy('GET', '/v1/users')).status, 403);
    assert.equal((await asRoot('DELETE', path(eve, 'admin'))).status, 204);
  });

  test('users of other domains are brought in by who knows them by right, and stay their own', async () => {
    const { acme, other, asAnn, ann } = await setUp(world());
    const guest = await world().addUser(other);
    const role = 'Identity Administrator';
    assert.deepEqual(refusal(await asAnn('POST', path(guest, role, acme.name))), forbidden);
    const asRoot = await signInRoot(world());
    ok(await asRoot('POST', path(guest, role, acme.name)));
    assert.deepEqual(refusal(await asAnn('PATCH', `/v1/user/${guest.id}`, { name: 'x' })), forbidden);
    const asGuest = await signIn(world(), guest, other.name, { domain: acme.name });
    assert.deepEqual(refusal(await asGuest('PATCH', `/v1/user/${guest.id}`, { name: 'x' })), forbidden);
    const colleague = await world().addUser(other);
    ok(await asGuest('POST', path(colleague, role, acme.name)));
    assert.equal((await asAnn('DELETE', path(guest, role, acme.name))).status, 204);
    assert.deepEqual(refusal(await asGuest('GET', '/v1/users')), forbidden);
    ok(await asAnn('GET', `/v1/user/${ann.id}`));
  });

  test('groups are none of these roles, and neither are given by the other side', async () => {
    const asRoot = await signInRoot(world());
    assert.deepEqual(
      names(await asRoot('GET', '/v1/roles?l=50')).filter((name) =>
        /^(?:Root|Support|admin|Staff Member)$/.test(name),
      ),
      ['Root', 'Staff Member', 'Support', 'admin'],
    );
    const credentials = { username: 'admin', password: 'Aa1!-first-start' };
    const tokens = ok(await world().call('POST', '/api/v1/auth/tokens', credentials)).body;
    const call = (method: 'GET' | 'POST', url: string) =>
      world().call(method, `/api/v1/usermgmt${url}`, null, { authorization: `Bearer ${tokens.jwt}` });
    const groups = ok(await call('GET', '/groups?limit=100')).body.resources.map(
      ({ name }: { name: string }) => name,
    );
    assert.ok(groups.includes('admin'));
    assert.ok(!groups.includes('Root') && !groups.includes('Support'));
    assert.equal((await call('GET', '/groups/Root')).status, 404);
    const user = await world().addUser(await world().addDomain());
    assert.equal((await call('POST', `/groups/Root/users/local%7C${user.id}`)).status, 404);
    const claims = JSON.parse(Buffer.from(tokens.jwt.split('.')[1], 'base64url').toString());
    assert.deepEqual(claims.cust, { groups: ['admin'] });
  });

  test('access lists exactly the targets for which a rescope succeeds, with the roles it gives', async () => {
    for (const set of await targetsOf(world())) {
      const { user, home, scopes } = set;
      const as = await signIn(world(), user, home);
      const listed = ok(await as('GET', '/v1/access?l=-1')).body.payload;
      assert.deepEqual(await rescopable(as, scopes), listed.map(withoutName));
      const minimal = { domain: home, username: user.username, password, type: 'minimal' };
      const login = await world().call('POST', '/v2/token', {
        ...minimal,
        user_domain: home,
        domain: undefined,
      });
      const asMinimal = withToken(world(), ok(login).body.token);
      const bare = ok(await asMinimal('GET', '/v1/access?l=-1')).body.payload;
      assert.deepEqual(
        bare,
        listed.map((row: object) => ({ ...row, roles: [] })),
      );
    }
  });

  test('with a token for no domain everybody sees the domains and tenants they may choose, and no others', async () => {
    for (const { user, home, scopes } of await targetsOf(world())) {
      const as = await signIn(world(), user, home);
      const listed = ok(await as('GET', '/v1/access?l=-1')).body.payload;
      const wanted = (kind: 'domain' | 'tenant') =>
        listed.filter((row: Row) => (row.tenant_id === null) === (kind === 'domain'));
      const here = new Set(scopes.map(({ domain }) => domain));
      const domains = names(await as('GET', '/v1/domains?l=-1')).filter((name) => here.has(name));
      const tenants = ok(await as('GET', '/v1/tenants?l=-1')).body.payload;
      const ids = tenants.filter(({ domain }: Row) => here.has(domain)).map(({ id }: { id: string }) => id);
      const isReader = user.name === 'reads everywhere';
      if (isReader) assert.equal(domains.length, here.size);
      else
        assert.deepEqual(
          domains,
          wanted('domain')
            .filter(({ domain }: Row) => here.has(domain))
            .map(({ domain }: Row) => domain),
        );
      if (!isReader)
        assert.deepEqual(
          ids.toSorted(),
          wanted('tenant')
            .filter(({ domain }: Row) => here.has(domain))
            .map(({ tenant_id: id }: Row) => id)
            .toSorted(),
        );
    }
  });
});

interface Row {
  readonly domain: string;
  readonly tenant_id: string | null;
  readonly roles: readonly string[];
}

/** Users of every kind, each with all scopes there are. */
async function targetsOf(world: World) {
  const domains = [
    await world.addDomain(),
    await world.addDomain(),
    await world.addDomain({ enabled: false }),
    await world.addDomain(),
  ] as const;
  const [home, open, shut, far] = domains;
  const tenants = [
    await world.addTenant(home),
    await world.addTenant(open),
    await world.addTenant(open),
    await world.addTenant(open, { enabled: false }),
    await world.addTenant(shut),
    await world.addTenant(far),
    await world.addTenant(far),
  ] as const;
  const scopes = [
    ...domains.map(({ name }) => ({ domain: name, tenant_id: null })),
    ...tenants.map(({ id, domainId }) => ({
      domain: domains.find((domain) => domain.id === domainId)?.name ?? '',
      tenant_id: id,
    })),
  ];
  const [nobody, local, roaming, everywhere, reader] = [
    await world.addUser(home),
    await world.addUser(home),
    await world.addUser(home),
    await world.addUser(home),
    await world.addUser(home, { name: 'reads everywhere' }),
  ];
  await world.give(local, 'Customer', { domain: home });
  await world.give(roaming, 'Support', { domain: open });
  await world.give(roaming, 'Customer', { tenant: tenants[1] });
  await world.give(roaming, 'Customer', { tenant: tenants[3] });
  await world.give(roaming, 'Customer', { domain: shut });
  await world.give(roaming, 'Customer', { tenant: tenants[4] });
  await world.give(roaming, 'Customer', { tenant: tenants[5] });
  await world.give(everywhere, 'Subscriber Support');
  await world.give(everywhere, 'Customer', { tenant: tenants[6] });
  await world.give(reader, 'Support');
  return [nobody, local, roaming, everywhere, reader].map((user) => ({ user, home: home.name, scopes }));
}

/** What a rescope to each scope gave, where it succeeded; in the order of the list. */
async function rescopable(as: As, scopes: readonly { domain: string; tenant_id: string | null }[]) {
  const listed = ok(await as('GET', '/v1/access?l=-1')).body.payload.map(withoutName);
  const all = [...scopes, ...listed.filter((row: Row) => !scopes.some((scope) => isSame(scope, row)))];
  const rows: Row[] = [];
  for (const { domain, tenant_id } of all) {
    const answer: Answer = await as('PATCH', '/v1/token', { domain, tenant_id });
    if (answer.status === 200) rows.push({ domain, tenant_id, roles: answer.body.roles });
    else assert.deepEqual(refusal(answer), forbidden);
  }
  const order = (row: Row): number => listed.findIndex((other: Row) => isSame(row, other));
  return rows.sort((one, other) => order(one) - order(other));
}

function isSame(one: Omit<Row, 'roles'>, other: Omit<Row, 'roles'>): boolean {
  return one.domain === other.domain && one.tenant_id === other.tenant_id;
}

function withoutName({ domain, tenant_id, roles }: Row): Row {
  return { domain, tenant_id, roles };
}
