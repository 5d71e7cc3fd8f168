/** Users, tenants, domains, assignments and lists. Spec nebularstack §11; acceptance 33, 34. @module */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Answer } from '../harness/http.ts';
import type { Method } from './call.ts';
import {
  type Account,
  assertForbidden,
  assertMalformed,
  assignmentPath,
  errorOf,
  noContent,
  ok,
  onEachEngine,
  scopeOf,
} from './dialect.ts';

interface Row {
  readonly domain: string;
  readonly tenant_id: string | null;
  readonly tenant_name: string | null;
  readonly roles: readonly string[];
}

onEachEngine((dialect) => {
  let [acme, other] = ['', ''];
  let [alpha, beta, gamma, shut] = ['', '', '', ''];
  let boss: Account;
  before(async () => {
    [acme, other] = [await dialect.createDomain(), await dialect.createDomain()];
    [alpha, beta, shut] = [
      await dialect.createTenant(acme),
      await dialect.createTenant(acme),
      await dialect.createTenant(acme),
    ];
    gamma = await dialect.createTenant(other);
    boss = await dialect.createUser(acme, ['Identity Administrator', acme], ['Support', acme]);
    await dialect.changeTenant(shut, { enabled: false });
  });

  const domainToken = async (account: Account): Promise<string> => ok(await dialect.v1(account)).body.token;
  const unscopedToken = async (account: Account): Promise<string> =>
    ok(await dialect.v1(account, { domain: undefined, user_domain: account.domain })).body.token;

  describe('an assignment', () => {
    test('of a role that the caller holds there is 200, also when repeated, with a space in its name (33)', async () => {
      const user = await dialect.createUser(acme);
      const token = await domainToken(boss);
      for (const path of [
        `/v1/user/${user.id}/assignment/Identity%20Administrator/${acme}/none`,
        `/v1/user/${user.id}/assignment/Identity%20Administrator/${acme}/None`,
        `/v1/user/${user.id}/assignment/Identity%20Administrator/${acme}`,
        `/v1/user/${user.id}/assignment/Support/${acme}`,
      ]) {
        ok(await dialect.call('POST', path, { token }));
      }
      assert.deepEqual(scopeOf(ok(await dialect.v1(user)).body).roles, ['Identity Administrator', 'Support']);
    });

    test('of a role not held in that very context, or under another spelling, is 403 (33)', async () => {
      const user = await dialect.createUser(acme);
      const support = await dialect.createUser(acme, ['Support', acme]);
      const inTenant = await dialect.createUser(acme, ['Administrator', acme, alpha]);
      const refused: readonly [Account, string, fields?: object][] = [
        [boss, `Administrator/${acme}`],
        [boss, `Root/${acme}`],
        [boss, `Identity+Administrator/${acme}`],
        [boss, `identity%20administrator/${acme}`],
        [boss, `Identity%2520Administrator/${acme}`],
        [boss, `Support/${other}`],
        [boss, `Support/${other}/${gamma}`],
        [boss, `Support/${acme}/${gamma}`],
        [boss, `Support/none/${gamma}`],
        [boss, 'Support'],
        [boss, 'Support/none/none'],
        [support, `Support/${acme}`],
        [support, `Identity%20Administrator/${acme}/none`],
        [inTenant, `Administrator/${acme}`, { tenant_id: alpha }],
        [inTenant, `Administrator/${acme}/${beta}`, { tenant_id: alpha }],
      ];
      for (const [account, target, fields] of refused) {
        const { token } = ok(await dialect.v1(account, fields)).body;
        for (const method of ['POST', 'DELETE'] as const) {
          assertForbidden(await dialect.call(method, `/v1/user/${user.id}/assignment/${target}`, { token }));
        }
      }
      const token = await domainToken(boss);
      assertForbidden(
        await dialect.call('POST', assignmentPath('00000000-0000-4000-8000-000000000000', 'Support', acme), {
          token,
        }),
      );
      assertForbidden(await dialect.v1(user));
    });

    test('is judged by the roles held at this moment', async () => {
      const user = await dialect.createUser(acme);
      const chief = await dialect.createUser(acme, ['Administrator', acme], ['Support', acme]);
      const token = await domainToken(chief);
      const assign = (role: string): Promise<Answer> =>
        dialect.call('POST', assignmentPath(user.id, role, acme), { token });
      ok(await assign('Support'));
      await dialect.unassign(chief.id, 'Support', acme);
      assertForbidden(await assign('Support'));
      await dialect.unassign(chief.id, 'Administrator', acme);
      await dialect.assign(chief.id, 'Support', acme);
      assertForbidden(await assign('Support'));
    });

    test('global needs an unscoped token and the role held globally', async () => {
      const user = await dialect.createUser(acme);
      const chief = await dialect.createUser(acme, ['Administrator'], ['Support', acme]);
      const path = `/v1/user/${user.id}/assignment/Administrator`;
      assertForbidden(await dialect.call('POST', path, { token: await domainToken(chief) }));
      const token = await unscopedToken(chief);
      for (const form of [path, `${path}/none`, `${path}/none/none`])
        ok(await dialect.call('POST', form, { token }));
      assertForbidden(await dialect.call('POST', `/v1/user/${user.id}/assignment/Support`, { token }));
      const { body } = ok(await dialect.v1(user, { domain: undefined, user_domain: acme }));
      assert.deepEqual(body.roles, ['Administrator']);
      assertForbidden(await dialect.call('DELETE', path, { token: await domainToken(chief) }));
      noContent(await dialect.call('DELETE', path, { token }));
    });

    test('to a tenant takes the tenant’s domain; another domain is 403; removing is 204, also of what is not there', async () => {
      const user = await dialect.createUser(acme);
      const token = await domainToken(boss);
      ok(await dialect.call('POST', `/v1/user/${user.id}/assignment/Support/none/${alpha}`, { token }));
      assert.deepEqual(scopeOf(ok(await dialect.v1(user, { tenant_id: alpha })).body), {
        domain: acme,
        tenantId: alpha,
        roles: ['Support'],
      });
      assertForbidden(
        await dialect.call('POST', `/v1/user/${user.id}/assignment/Support/${other}/${alpha}`, { token }),
      );
      const { text } = ok(await dialect.call('GET', `/v1/user/${user.id}/assignments`, { token }));
      assert.ok(text.includes(alpha) && text.includes('Support'));
      for (let count = 0; count < 2; count += 1) {
        noContent(await dialect.call('DELETE', assignmentPath(user.id, 'Support', acme, alpha), { token }));
      }
      assertForbidden(await dialect.v1(user, { tenant_id: alpha }));
    });
  });

  describe('a list', () => {
    let domain = '';
    let manager: Account;
    let token = '';
    before(async () => {
      domain = await dialect.createDomain();
      manager = await dialect.createUser(domain, ['Administrator', domain]);
      token = await domainToken(manager);
      // The tenants are many: making users costs a hash each.
      for (let count = 0; count < 36; count += 1) {
        const body = { name: `branch ${String(count).padStart(2, '0')}`, domain };
        ok(await dialect.call('POST', '/v1/tenant', { token, body }));
      }
    });
    const list = (query: string, path = '/v1/tenants'): Promise<Answer> =>
      dialect.call('GET', `${path}?${query}`, { token });

    test('has pages of 10, or of `l`; `p=0` is the first; `l=50` and `l=-1` are 200 (33)', async () => {
      const pages: readonly [query: string, rows: number, metadata: object][] = [
        ['', 10, { records: 36, page: 1, pages: 4, per_page: 10 }],
        ['l=20', 20, { records: 36, page: 1, pages: 2, per_page: 20 }],
        ['l=20&p=0', 20, { records: 36, page: 1, pages: 2, per_page: 20 }],
        ['l=20&p=2', 16, { records: 36, page: 2, pages: 2, per_page: 20 }],
        ['l=50', 36, { records: 36, page: 1, pages: 1, per_page: 50 }],
        ['l=1&p=36', 1, { records: 36, page: 36, pages: 36, per_page: 1 }],
      ];
      for (const [query, rows, metadata] of pages) {
        const { body } = ok(await list(query));
        assert.deepEqual(body.metadata, metadata, query);
        assert.equal(body.payload.length, rows, query);
      }
      const { text, body } = ok(await list('l=-1'));
      assert.equal(body.payload.length, 36);
      assert.deepEqual(Object.keys(body), ['payload', 'metadata']);
      assert.equal(body.metadata.records, 36);
      assert.ok(text.indexOf('"metadata"') > text.lastIndexOf('"name"'));
    });

    test('of `l=51`, and of anything that is no whole number, is 400 (33)', async () => {
      for (const query of [
        'l=51',
        'l=0',
        'l=-2',
        'l=x',
        'l=1.5',
        'l=',
        'p=-1',
        'p=x',
        'p=1.5',
        'l=1e1',
        'l=10&l=20',
        'p=99999999999999999999',
      ]) {
        for (const path of ['/v1/tenants', '/v1/users', '/v1/domains', '/v1/access']) {
          const name = query.slice(0, 1);
          const { status, description } = errorOf(await list(query, path));
          assert.equal(status, 400, `${path}?${query}`);
          assert.match(description, new RegExp(`\\b${name}\\b`));
        }
      }
    });

    test('is sorted by `sc` and `sd` together, filtered by name, and unknown keys are ignored', async () => {
      const names = async (query: string): Promise<string[]> =>
        ok(await list(query)).body.payload.map(({ name }: { name: string }) => name);
      assert.deepEqual(await names('l=2&sc=name&sd=asc'), ['branch 00', 'branch 01']);
      assert.deepEqual(await names('l=2&sc=name&sd=desc'), ['branch 35', 'branch 34']);
      for (const query of ['sc=name', 'sd=asc', 'sc=name&sd=up', 'sc=password_hash&sd=asc']) {
        assert.equal(errorOf(await list(query)).status, 400, query);
      }
      assert.deepEqual(
        (await names('l=50&name=branch%200*')).toSorted(),
        Array.from({ length: 10 }, (_, at) => `branch 0${at}`),
      );
      assert.deepEqual(await names('name=branch%2007'), ['branch 07']);
      assert.deepEqual(await names('tenantname=branch%2007'), ['branch 07']);
      assert.deepEqual(await names('name=no%20such'), []);
      assert.equal((await names('color=red')).length, 10);
      for (const query of ['name=b%25a*', 'name=bra_ch*', 'name=%25%25%25*', "name=bra'*"]) {
        assert.deepEqual(await names(query), [], query);
      }
      for (const query of ['name=br*', 'name=*', 'name=b*nch', 'name=bran*h%2001']) {
        const { status, body } = await list(query);
        assert.ok(status === 400 || body.payload.length === 0, `${query}: ${status}`);
      }
    });

    test('reports at most 250 records', async () => {
      for (let at = 0; at < 23; at += 1) {
        await Promise.all(
          Array.from({ length: 10 }, async (_, more) => {
            ok(
              await dialect.call('POST', '/v1/tenant', {
                token,
                body: { name: `more ${at} ${more}`, domain },
              }),
            );
          }),
        );
      }
      assert.equal(ok(await list('')).body.metadata.records, 250);
      assert.equal(ok(await list('l=-1')).body.payload.length, 266);
    });
  });

  describe('users', () => {
    test('are created, shown, changed and deleted inside the context, never with their password', async () => {
      const token = await domainToken(boss);
      const fields = {
        username: 'new-colleague',
        domain: acme,
        name: 'New Colleague',
        email: 'new@acme.example',
        org_name: 'Acme',
        id_type: 'passport',
        id_no: 'P-1',
        address_line1: 'One',
        address_line2: 'Two',
        address_line3: 'Three',
        address_line4: 'Four',
        country: 'ZA',
      };
      const password = 'Colleague-pass-1';
      const created = ok(await dialect.call('POST', '/v1/user', { token, body: { ...fields, password } }));
      const { id, creation_time: creationTime, ...shown } = created.body;
      assert.deepEqual(shown, { ...fields, enabled: true, mfa_enabled: false });
      assert.match(creationTime, /[+-]\d\d:\d\d$/);
      assert.ok(!created.text.includes(password) && !created.text.includes('argon2'));
      const path = `/v1/user/${id}`;
      assert.deepEqual(ok(await dialect.call('GET', path, { token })).body, created.body);
      const changed = ok(
        await dialect.call('PATCH', path, { token, body: { name: 'Old Colleague', country: null } }),
      ).body;
      assert.equal(changed.name, 'Old Colleague');
      assert.equal(changed.org_name, 'Acme');
      assert.equal(
        errorOf(await dialect.call('POST', '/v1/user', { token, body: { ...fields, password } })).status,
        400,
      );
      noContent(await dialect.call('DELETE', path, { token }));
      assertForbidden(await dialect.call('GET', path, { token }));
      assertForbidden(await dialect.call('DELETE', path, { token }));
    });

    test('outside the context are the same 403 as unknown ones', async () => {
      const foreign = await dialect.createUser(other, ['Support', other]);
      const token = await domainToken(boss);
      for (const id of [foreign.id, '00000000-0000-4000-8000-000000000000', 'no-uuid']) {
        for (const [method, body] of [
          ['GET', undefined],
          ['PATCH', { name: 'x' }],
          ['DELETE', undefined],
        ] as const) {
          assertForbidden(await dialect.call(method, `/v1/user/${id}`, { token, ...(body && { body }) }));
        }
        assertForbidden(await dialect.call('GET', `/v1/user/${id}/assignments`, { token }));
        assertForbidden(await dialect.call('DELETE', `/v1/user/${id}/mfa`, { token }));
      }
      const body = { username: 'planted', password: 'Planted-pass-1', domain: other };
      assertForbidden(await dialect.call('POST', '/v1/user', { token, body }));
      ok(await dialect.v1(foreign));
    });

    test('are read by the six roles that may, and written by two alone', async () => {
      const reading = [
        'Administrator',
        'Customer',
        'Identity Administrator',
        'Identity Support',
        'Staff Member',
        'Support',
      ];
      const writing = ['Administrator', 'Identity Administrator'];
      const roles = [...reading, 'Subscriber Administrator', 'Subscriber Accounts', 'Subscriber Support'];
      const user = await dialect.createUser(acme);
      const subject = await dialect.createUser(acme);
      for (const role of roles) {
        await dialect.assign(user.id, role, acme);
        const { token } = ok(await dialect.v2(user)).body;
        const expect = (answer: Answer, may: boolean): void => {
          assert.equal(answer.status, may ? 200 : 403, role);
        };
        for (const path of ['/v1/users', `/v1/user/${subject.id}`, '/v1/tenants', `/v1/tenant/${alpha}`]) {
          expect(await dialect.call('GET', path, { token }), reading.includes(role));
        }
        const writes: readonly [Method, string, object][] = [
          ['PATCH', `/v1/user/${subject.id}`, { name: `by ${role}` }],
          ['PATCH', `/v1/tenant/${beta}`, { enabled: true }],
        ];
        for (const [method, path, body] of writes) {
          expect(await dialect.call(method, path, { token, body }), writing.includes(role));
        }
        await dialect.unassign(user.id, role, acme);
      }
    });

    test('who hold a global role are changed only by who holds it globally', async () => {
      const global = await dialect.createUser(acme, ['Support']);
      const token = await domainToken(boss);
      const path = `/v1/user/${global.id}`;
      assertForbidden(await dialect.call('PATCH', path, { token, body: { password: 'Taken-over-1' } }));
      assertForbidden(await dialect.call('PATCH', path, { token, body: { enabled: false } }));
      assertForbidden(await dialect.call('DELETE', path, { token }));
      assertForbidden(await dialect.call('DELETE', `${path}/mfa`, { token }));
      const peer = await dialect.createUser(acme, ['Support'], ['Administrator', acme]);
      ok(await dialect.call('PATCH', path, { token: await domainToken(peer), body: { name: 'Peer' } }));
    });
  });

  describe('what a caller may enter', () => {
    let roamer: Account;
    before(async () => {
      roamer = await dialect.createUser(
        acme,
        ['Support', acme],
        ['Customer', acme, alpha],
        ['Customer', acme, shut],
        ['Staff Member', other, gamma],
      );
    });
    const rowsFor = async (token: string): Promise<Row[]> =>
      ok(await dialect.call('GET', '/v1/access?l=-1', { token })).body.payload;

    test('is listed by `GET /v1/access`, with the roles there: exactly the targets for which PATCH gives 200 (34)', async () => {
      const login = ok(await dialect.v2(roamer, { domain: undefined, user_domain: acme })).body;
      const rows = await rowsFor(login.token);
      const domains = [acme, other, 'nowhere.example'];
      const tenants: readonly [domain: string, id: string][] = [
        [acme, alpha],
        [acme, beta],
        [acme, shut],
        [other, gamma],
      ];
      const key = (domain: string, tenantId: string | null): string => `${domain}/${tenantId}`;
      const listed = new Map(rows.map((row) => [key(row.domain, row.tenant_id), row]));
      assert.equal(listed.size, rows.length, 'no row twice');
      const targets = [...domains.map((domain) => [domain, null] as const), ...tenants];
      const granted = new Set<string>();
      for (const [domain, tenantId] of targets) {
        const body = { domain, tenant_id: tenantId, refresh_token: login.refresh_token };
        const answer = await dialect.call('PATCH', '/v2/token', { token: login.token, body });
        if (answer.status === 200) {
          granted.add(key(domain, tenantId));
          assert.deepEqual(listed.get(key(domain, tenantId))?.roles, answer.body.roles);
        } else assertForbidden(answer);
      }
      assert.deepEqual([...listed.keys()].toSorted(), [...granted].toSorted());
      for (const { tenant_id: tenantId, tenant_name: name } of rows) {
        assert.equal(name === null, tenantId === null);
      }
    });

    test('is the same from any scope and version; for a minimal token without roles', async () => {
      const login = ok(await dialect.v2(roamer, { domain: undefined, user_domain: acme })).body;
      const expected = await rowsFor(login.token);
      assert.ok(expected.length > 0);
      const others = [
        ok(await dialect.v1(roamer)).body.token,
        ok(await dialect.v1(roamer, { tenant_id: alpha })).body.token,
        ok(await dialect.v3(roamer)).body.token,
      ];
      for (const token of others) assert.deepEqual(await rowsFor(token), expected);
      const minimal = ok(await dialect.v2(roamer, { type: 'minimal' })).body.token;
      assert.deepEqual(
        await rowsFor(minimal),
        expected.map((row) => ({ ...row, roles: [] })),
      );
    });

    test('is what an unscoped token finds in the lists of domains and tenants, without any role (D8)', async () => {
      const token = await unscopedToken(roamer);
      const names = async (path: string, member: string): Promise<string[]> =>
        ok(await dialect.call('GET', `${path}?l=-1`, { token }))
          .body.payload.map((row: Record<string, string>) => row[member])
          .toSorted();
      assert.deepEqual(await names('/v1/domains', 'name'), [acme]);
      // A role in a domain counts in each of its tenants (C2).
      assert.deepEqual(await names('/v1/tenants', 'id'), [alpha, beta, gamma].toSorted());
      assertForbidden(await dialect.call('GET', '/v1/users', { token }));
    });

    test('is everything that is enabled for who holds a role globally, page by page', async () => {
      const chief = await dialect.createUser(acme, ['Support']);
      const token = await unscopedToken(chief);
      const { body } = ok(await dialect.call('GET', '/v1/access?l=2', { token }));
      assert.equal(body.payload.length, 2);
      const all = await rowsFor(token);
      assert.ok(
        all.some((row) => row.tenant_id === gamma) &&
          all.some((row) => row.domain === other && row.tenant_id === null),
      );
      assert.ok(!all.some((row) => row.tenant_id === shut));
      assert.equal(body.metadata.records, Math.min(250, all.length));
    });
  });

  describe('tenants and domains', () => {
    test('are created, changed and deleted; taken names and a domain `none` are refused', async () => {
      const token = await dialect.operator();
      assertMalformed(await dialect.call('POST', '/v1/domain', { token, body: {} }), /name/);
      for (const name of ['none', 'None', acme, acme.toUpperCase(), '', 'with space']) {
        assert.equal(
          errorOf(await dialect.call('POST', '/v1/domain', { token, body: { name } })).status,
          400,
          name,
        );
      }
      const name = await dialect.createDomain('Short-Lived.Example');
      assert.equal(
        ok(await dialect.call('GET', `/v1/domain/${name.toLowerCase()}`, { token })).body.name,
        name.toLowerCase(),
      );
      const tenant = ok(
        await dialect.call('POST', '/v1/tenant', { token, body: { name: 'one', domain: name } }),
      ).body;
      assert.equal(
        ok(await dialect.call('PATCH', `/v1/tenant/${tenant.id}`, { token, body: { name: 'two' } })).body
          .name,
        'two',
      );
      noContent(await dialect.call('DELETE', `/v1/tenant/${tenant.id}`, { token }));
      assertForbidden(await dialect.call('GET', `/v1/tenant/${tenant.id}`, { token }));
      noContent(await dialect.call('DELETE', `/v1/domain/${name}`, { token }));
      assertForbidden(await dialect.call('GET', `/v1/domain/${name}`, { token }));
    });

    test('of others are the same 403 as unknown ones', async () => {
      const token = await domainToken(boss);
      for (const path of [
        `/v1/tenant/${gamma}`,
        '/v1/tenant/00000000-0000-4000-8000-000000000000',
        `/v1/domain/${other}`,
        '/v1/domain/nowhere.example',
      ]) {
        for (const [method, body] of [
          ['GET', undefined],
          ['PATCH', { enabled: false }],
          ['DELETE', undefined],
        ] as const) {
          assertForbidden(await dialect.call(method, path, { token, ...(body && { body }) }));
        }
      }
      assertForbidden(
        await dialect.call('POST', '/v1/tenant', { token, body: { name: 'planted', domain: other } }),
      );
      assertForbidden(await dialect.call('POST', '/v1/domain', { token, body: { name: 'planted.example' } }));
    });
  });

  test('`GET /v1/endpoints` needs no token and is not paged', async () => {
    const { body } = ok(await dialect.call('GET', '/v1/endpoints'));
    assert.deepEqual(Object.keys(body), ['payload']);
    assert.ok(body.payload.length > 0);
    for (const endpoint of body.payload) {
      assert.deepEqual(Object.keys(endpoint).toSorted(), ['interface', 'name', 'region', 'uri']);
    }
  });
});
