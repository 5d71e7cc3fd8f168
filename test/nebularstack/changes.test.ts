/** What changes between two requests, the very next one knows. Spec nebularstack C2–C5, K7, L8; acceptance 31; issue 3, must show 5. @module */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Answer } from '../harness/http.ts';
import type { CallOptions, Method } from './call.ts';
import { type Account, assertForbidden, assertUnauthorized, ok, onEachEngine, scopeOf } from './dialect.ts';

onEachEngine((dialect) => {
  let [acme, other] = ['', ''];
  let [alpha, beta, gamma] = ['', '', ''];
  before(async () => {
    [acme, other] = [await dialect.createDomain(), await dialect.createDomain()];
    [alpha, beta] = [await dialect.createTenant(acme), await dialect.createTenant(acme)];
    gamma = await dialect.createTenant(other);
  });

  const newUser = (): Promise<Account> =>
    dialect.createUser(acme, ['Support', acme], ['Customer', acme, alpha], ['Staff Member', acme, beta]);

  /** One session of a version, as a way to ask for the next token in the same scope or in another. */
  interface Minting {
    readonly name: string;
    /** Logs in to the tenant alpha. */
    open(user: Account): Promise<{ renew(): Promise<Answer>; rescope(target: object): Promise<Answer> }>;
  }
  const call = (method: Method, path: string, options: CallOptions): Promise<Answer> =>
    dialect.call(method, path, options);
  const inAlpha = ({ domain }: Account): object => ({ user_domain: domain, domain: acme, tenant_id: alpha });
  const mintings: readonly Minting[] = [
    {
      name: 'V1',
      async open(user) {
        const { token } = ok(await dialect.v1(user, inAlpha(user))).body;
        return {
          renew: () => call('PUT', '/v1/token', { token }),
          rescope: (target) => call('PATCH', '/v1/token', { token, body: target }),
        };
      },
    },
    {
      name: 'V2',
      async open(user) {
        const { token, refresh_token: refreshToken } = ok(await dialect.v2(user, inAlpha(user))).body;
        return {
          renew: () => call('PUT', '/v2/token', { token, body: { refresh_token: refreshToken } }),
          rescope: (target) =>
            call('PATCH', '/v2/token', { token, body: { ...target, refresh_token: refreshToken } }),
        };
      },
    },
    {
      name: 'V2 by password',
      async open(user) {
        const { token, refresh_token: refreshToken } = ok(await dialect.v2(user, inAlpha(user))).body;
        return {
          renew: () => call('PUT', '/v2/token', { token, body: { refresh_token: refreshToken } }),
          rescope: (target) =>
            call('PATCH', '/v2/token', { token, body: { ...target, password: user.password } }),
        };
      },
    },
  ];

  for (const { name, open } of mintings) {
    describe(`${name}: the very next mint knows`, () => {
      test('that a role was taken away or given; when none is left it is 403, and elsewhere the token still goes (31)', async () => {
        const user = await newUser();
        const session = await open(user);
        const rolesNow = async (): Promise<unknown> => scopeOf(ok(await session.renew()).body).roles;
        assert.deepEqual(await rolesNow(), ['Customer', 'Support']);
        await dialect.unassign(user.id, 'Customer', acme, alpha);
        assert.deepEqual(await rolesNow(), ['Support']);
        await dialect.assign(user.id, 'Administrator', acme);
        assert.deepEqual(await rolesNow(), ['Administrator', 'Support']);
        await dialect.unassign(user.id, 'Administrator', acme);
        await dialect.unassign(user.id, 'Support', acme);
        assertForbidden(await session.renew());
        assertForbidden(await session.rescope({ tenant_id: alpha }));
        assertForbidden(await session.rescope({ domain: acme }));
        assert.deepEqual(scopeOf(ok(await session.rescope({ tenant_id: beta })).body).roles, [
          'Staff Member',
        ]);
        await dialect.assign(user.id, 'Customer', acme, alpha);
        assert.deepEqual(await rolesNow(), ['Customer']);
      });

      test('that a tenant is disabled, and that it is enabled again', async () => {
        const user = await newUser();
        const session = await open(user);
        ok(await session.renew());
        await dialect.changeTenant(alpha, { enabled: false });
        assertForbidden(await session.renew());
        assertForbidden(await session.rescope({ tenant_id: alpha }));
        ok(await session.rescope({ domain: acme }));
        await dialect.changeTenant(alpha, { enabled: true });
        ok(await session.renew());
        ok(await session.rescope({ tenant_id: alpha }));
      });

      test('that a domain is disabled: a scope there is 403; when it is the home, all is 401', async () => {
        const guest = await dialect.createUser(
          acme,
          ['Customer', acme, alpha],
          ['Support', other],
          ['Customer', other, gamma],
        );
        const session = await open(guest);
        ok(await session.rescope({ domain: other }));
        await dialect.changeDomain(other, { enabled: false });
        assertForbidden(await session.rescope({ domain: other }));
        assertForbidden(await session.rescope({ tenant_id: gamma }));
        ok(await session.renew());
        await dialect.changeDomain(other, { enabled: true });
        ok(await session.rescope({ tenant_id: gamma }));

        const home = await dialect.createDomain();
        const lodger = await dialect.createUser(home, ['Customer', acme, alpha]);
        const far = await open(lodger);
        ok(await far.renew());
        await dialect.changeDomain(home, { enabled: false });
        assertUnauthorized(await far.renew());
        assertUnauthorized(await far.rescope({ domain: null, tenant_id: null }));
      });

      test('that the user is disabled: 401 at once; sessions from before do not come back with the user (31)', async () => {
        const user = await newUser();
        const session = await open(user);
        ok(await session.renew());
        await dialect.changeUser(user, { enabled: false });
        assertUnauthorized(await session.renew());
        assertUnauthorized(await session.rescope({ domain: acme }));
        await dialect.changeUser(user, { enabled: true });
        assertUnauthorized(await session.renew());
        ok(await (await open(user)).renew());
      });

      test('that the user was deleted, and it is nothing to it that one of that name was made again (31)', async () => {
        const user = await newUser();
        const session = await open(user);
        const token = await dialect.operator();
        const { status } = await call('DELETE', `/v1/user/${user.id}`, { token });
        assert.equal(status, 204);
        assertUnauthorized(await session.renew());
        const body = { username: user.username, password: user.password, domain: acme, name: 'Some One' };
        const again = ok(await call('POST', '/v1/user', { token, body })).body;
        assert.notEqual(again.id, user.id);
        await dialect.assign(again.id, 'Customer', acme, alpha);
        assertUnauthorized(await session.renew());
        assertUnauthorized(await session.rescope({ tenant_id: alpha }));
        ok(await (await open({ ...user, id: again.id })).renew());
      });

      test('that an administrator set another password: the sessions are over (K7)', async () => {
        const user = await newUser();
        const session = await open(user);
        ok(await session.renew());
        await dialect.changeUser(user, { password: 'Given-by-admin-1' });
        assertUnauthorized(await session.renew());
        assertUnauthorized(await session.rescope({ domain: acme }));
        ok(await (await open({ ...user, password: 'Given-by-admin-1' })).renew());
      });
    });
  }

  test('a route the server serves itself goes by the roles of this moment, not by those in the token', async () => {
    const user = await newUser();
    for (const { token } of [ok(await dialect.v1(user)).body, ok(await dialect.v2(user)).body]) {
      const read = (): Promise<Answer> => call('GET', '/v1/users', { token });
      ok(await read());
      await dialect.unassign(user.id, 'Support', acme);
      assertForbidden(await read());
      await dialect.assign(user.id, 'Support', acme);
      ok(await read());
      await dialect.changeDomain(acme, { enabled: false });
      assert.ok([401, 403].includes((await read()).status));
      await dialect.changeDomain(acme, { enabled: true });
    }
    const { token } = ok(await dialect.v2(user)).body;
    await dialect.changeUser(user, { enabled: false });
    assertUnauthorized(await call('GET', '/v1/users', { token }));
  });

  test('a role given in the middle of many renewals is in every one that begins after it was given', async () => {
    const user = await newUser();
    const [one] = mintings;
    assert.ok(one);
    const session = await one.open(user);
    const early = Promise.all(Array.from({ length: 10 }, () => session.renew()));
    await dialect.unassign(user.id, 'Support', acme);
    const late = await Promise.all(Array.from({ length: 10 }, () => session.renew()));
    (await early).forEach(ok);
    for (const answer of late) assert.deepEqual(scopeOf(ok(answer).body).roles, ['Customer']);
  });
});
