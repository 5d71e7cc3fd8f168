/** Pages, filters, order and whole lists over HTTP, on both engines. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertTenant } from '../../../src/store/tenants.ts';
import { insertUser } from '../../../src/store/users.ts';
import { aTenant, aUser } from '../../store/records.ts';
import { names, signIn, signInRoot } from './administration-fixture.ts';
import { ok, onEachEngine, type World } from './fixture.ts';

/** A domain of 37 users: `user-00` …, of whom some belong to an organisation and some have no name. */
async function setUp(world: World) {
  const acme = await world.addDomain();
  for (let number = 0; number < 37; number += 1) {
    const digits = String(number).padStart(2, '0');
    await world.addUser(acme, {
      username: `User-${digits}`,
      name: number % 3 === 0 ? null : `Name ${String(99 - number)}`,
      orgName: number < 20 ? `Org ${digits}` : null,
    });
  }
  const [first] = [await world.addUser(acme, { username: 'zoe', name: 'Zoe' })];
  await world.give(first, 'Support', { domain: acme });
  const as = await signIn(world, first, acme.name, { domain: acme.name });
  return { acme, as, list: (query: string) => as('GET', `/v1/users?${query}`) };
}

onEachEngine((world) => {
  test('pages add up, and tell how many rows there are', async () => {
    const { list } = await setUp(world());
    const { metadata } = ok(await list('l=20&p=0&sc=username&sd=asc')).body;
    assert.deepEqual(metadata, { records: 38, page: 1, pages: 2, per_page: 20 });
    const pages = await Promise.all([list('l=20&p=1'), list('l=20&p=2'), list('l=20&p=3')]);
    const seen = pages.flatMap((page) => names(page, 'username'));
    assert.equal(seen.length, 38);
    assert.deepEqual(
      seen,
      seen.toSorted((one, other) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1)),
    );
    assert.equal(names(await list('')).length, 10);
  });

  test('a list comes in the order of each property, either way; who has none comes before all others', async () => {
    const { list } = await setUp(world());
    for (const [property, key] of [
      ['username', 'username'],
      ['name', 'name'],
      ['org_name', 'org_name'],
      ['id', 'id'],
    ] as const) {
      const up = ok(await list(`l=50&sc=${property}&sd=asc`)).body.payload;
      const texts = up.map((row: Record<string, string | null>) => (row[key] ?? '').toLowerCase());
      assert.deepEqual(texts, texts.toSorted());
      const down = ok(await list(`l=50&sc=${property}&sd=desc`)).body.payload;
      assert.deepEqual(down, up.toReversed());
      const all = ok(await list(`l=-1&sc=${property}&sd=desc`)).body.payload;
      assert.deepEqual(all, down);
    }
  });

  test('a filter takes a whole text or a beginning, without regard to case, and switches sorting off', async () => {
    const { list } = await setUp(world());
    assert.deepEqual(names(await list('username=user-07'), 'username'), ['User-07']);
    const tens = Array.from({ length: 10 }, (_, index) => `User-1${index}`);
    assert.deepEqual(names(await list('username=USER-1*&sc=username&sd=desc'), 'username'), tens);
    assert.deepEqual(
      names(await list('username=user-1*&org_name=org%201*&name=name%208*'), 'username'),
      tens.filter((name) => [10, 11, 13, 14, 16, 17, 19].includes(Number(name.slice(5)))),
    );
    assert.deepEqual(names(await list('username=user-1'), 'username'), []);
    assert.equal(ok(await list('nonsense=7&shoe_size=*')).body.metadata.records, 38);
    assert.deepEqual(names(await list('name=zoe%25*')), []);
  });

  test('all comes in the same envelope, what is told of it last', async () => {
    const { list } = await setUp(world());
    const { body } = ok(await list('l=-1'));
    assert.deepEqual(Object.keys(body), ['payload', 'metadata']);
    assert.equal(body.payload.length, 38);
    assert.deepEqual(body.metadata, { records: 38, page: 1, pages: 1, per_page: -1 });
    const none = ok(await list('l=-1&username=nobody'));
    assert.deepEqual(none.body, { payload: [], metadata: { records: 0, page: 1, pages: 1, per_page: -1 } });
    assert.equal(none.headers['cache-control'], 'no-store');
    assert.match(String(none.headers['content-type']), /^application\/json/);
  });

  test('more than 250 rows are told as 250, and are all there', async () => {
    const acme = await world().addDomain();
    const { database } = world().server.core;
    const tenants = Array.from({ length: 620 }, (_, at) => aTenant({ domainId: acme.id, name: `t-${at}` }));
    await database.write(tenants.map((tenant) => insertTenant(database, tenant)));
    const ann = await world().addUser(acme);
    await world().give(ann, 'Staff Member', { domain: acme });
    const as = await signIn(world(), ann, acme.name, { domain: acme.name });
    for (const path of ['/v1/tenants', '/v1/access']) {
      const page = ok(await as('GET', `${path}?l=50`));
      assert.deepEqual(page.body.metadata, { records: 250, page: 1, pages: 5, per_page: 50 });
      const all = ok(await as('GET', `${path}?l=-1`));
      const ids = new Set(all.body.payload.map((row: Record<string, string>) => row.id ?? row.tenant_id));
      assert.equal(ids.size, path === '/v1/access' ? 621 : 620);
      assert.equal(all.body.metadata.records, 250);
    }
    assert.equal(names(await as('GET', '/v1/tenants?l=50&tenantname=T-61*')).length, 11);
  });

  test('rows that are alike in what they are sorted by all come, and each once', async () => {
    const { acme, as } = await setUp(world());
    const { database } = world().server.core;
    const nameless = Array.from({ length: 300 }, () => aUser({ domainId: acme.id, name: null }));
    await database.write(nameless.map((user) => insertUser(database, user)));
    for (const order of ['asc', 'desc']) {
      const { payload } = ok(await as('GET', `/v1/users?l=-1&sc=name&sd=${order}`)).body;
      assert.equal(payload.length, 338);
      assert.equal(new Set(payload.map(({ id }: { id: string }) => id)).size, 338);
    }
  });

  test('what is no page, no order and no filter is refused with its name', async () => {
    const { list } = await setUp(world());
    const refused: readonly (readonly [string, string])[] = [
      ['l=51', 'l'],
      ['l=0', 'l'],
      ['l=-2', 'l'],
      ['l=ten', 'l'],
      ['l=1.5', 'l'],
      ['l=', 'l'],
      ['l=5&l=6', 'l'],
      ['p=-1', 'p'],
      ['p=1e3', 'p'],
      ['sc=username', 'sc'],
      ['sd=asc', 'sc'],
      ['sc=password_hash&sd=asc', 'sc'],
      ['sc=constructor&sd=asc', 'sc'],
      ['sc=username&sd=up', 'sd'],
      ['username=ab*', 'username'],
      ['username=*', 'username'],
      ['username=abc*d', 'username'],
      ['username=abc**', 'username'],
      ['username=abc&username=abd', 'username'],
      ['username=%00', 'username'],
    ];
    for (const [query, field] of refused) {
      const { status, body } = await list(query);
      assert.equal(status, 400, query);
      assert.match(body.error.description, new RegExp(`^${field}\\b`), query);
    }
    for (const query of ['l=50', 'l=-1', 'p=0', 'l=1&p=999999']) ok(await list(query));
  });

  test('who sees everything sees users of all domains, in one order', async () => {
    const { acme } = await setUp(world());
    const asRoot = await signInRoot(world());
    const seen = ok(await asRoot('GET', '/v1/users?l=-1')).body.payload;
    assert.ok(new Set(seen.map(({ domain }: { domain: string }) => domain)).size > 1);
    assert.equal(seen.filter(({ domain }: { domain: string }) => domain === acme.name).length, 38);
    const inRoot = await signInRoot(world(), { domain: 'root' });
    assert.deepEqual(names(await inRoot('GET', '/v1/users'), 'username'), ['admin']);
  });
});
