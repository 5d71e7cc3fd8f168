/** What a session's holder is and may, always as of now: no cache is ever behind. On both engines. @module */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Holder } from '../../src/domain/holder.ts';
import type { SessionId } from '../../src/domain/ids.ts';
import type { Session } from '../../src/domain/session.ts';
import type { Role } from '../../src/domain/tenancy.ts';
import type { User } from '../../src/domain/user.ts';
import { assign, unassign } from '../../src/store/assignments.ts';
import { type Database, DuplicateRow, type Write } from '../../src/store/database.ts';
import { insertDomain, updateDomain } from '../../src/store/domains.ts';
import { readHolder } from '../../src/store/holders.ts';
import { deleteRole, insertRole, updateRole } from '../../src/store/roles.ts';
import {
  endSessionsOfUser,
  findSession,
  insertSession,
  writeReauthentication,
} from '../../src/store/sessions.ts';
import { resetSetting, setSetting } from '../../src/store/settings.ts';
import { insertTenant } from '../../src/store/tenants.ts';
import { changeUser, deleteUser, insertUser, updateUser } from '../../src/store/users.ts';
import { onBothEngines } from './engines.ts';
import { aDomain, aRole, aSession, aTenant, aUser, rootDomain } from './records.ts';

async function insertHeld(
  db: Database,
  role: Role,
  changes: Partial<Session> = {},
): Promise<[User, Session]> {
  const user = aUser();
  const session = aSession(user.id, changes);
  await db.write([
    insertUser(db, user),
    insertRole(db, role),
    assign(db, { userId: user.id, roleId: role.id, domainId: null, tenantId: null }),
    insertSession(db, session),
  ]);
  return [user, session];
}

async function holderOf(db: Database, { id }: Session): Promise<Holder> {
  const found = await db.findHeldSession(id);
  assert.ok(found);
  return found.held.holder;
}

onBothEngines('a held session', (store) => {
  test('is the session with its user, domain and roles', async () => {
    const { db } = store;
    const role = aRole();
    const [user, session] = await insertHeld(db, role);
    const found = await db.findHeldSession(session.id);
    assert.deepEqual(found?.held, {
      session,
      holder: {
        userId: user.id,
        username: user.username,
        connection: 'local',
        name: null,
        homeDomainId: rootDomain.id,
        homeDomainName: 'root',
        homeDomainEnabled: true,
        enabled: true,
        allowedAuthMethods: ['password'],
        expiresAtMs: null,
        domainId: rootDomain.id,
        domainName: 'root',
        domainEnabled: true,
        tenantId: null,
        roles: [role.name],
      },
    });
    assert.equal(found?.configuration, await db.configuration());
  });

  test('is null for an unknown id', async () => {
    assert.equal(await store.db.findHeldSession(randomUUID() as SessionId), null);
  });

  test('has the roles that count in its scope: global, of the domain, of the tenant, sorted, each once', async () => {
    const { db } = store;
    const [here, there] = [aDomain(), aDomain()];
    const tenant = aTenant({ domainId: here.id });
    const otherTenant = aTenant({ domainId: here.id });
    const user = aUser();
    const roles = Object.fromEntries(
      ['everywhere', 'here', 'there', 'tenant', 'other tenant', 'Ähnlich', 'twice'].map((name) => {
        const unique = `${name} ${user.id}`;
        return [name, aRole({ name: unique })];
      }),
    );
    const give = (name: string, domainId: Domain, tenantId: Tenant) => {
      const role = roles[name];
      assert.ok(role);
      return assign(db, { userId: user.id, roleId: role.id, domainId, tenantId });
    };
    type Domain = Parameters<typeof assign>[1]['domainId'];
    type Tenant = Parameters<typeof assign>[1]['tenantId'];
    await db.write([
      ...[here, there].map((domain) => insertDomain(db, domain)),
      ...[tenant, otherTenant].map((each) => insertTenant(db, each)),
      insertUser(db, user),
      ...Object.values(roles).map((role) => insertRole(db, role)),
      give('everywhere', null, null),
      give('Ähnlich', null, null),
      give('here', here.id, null),
      give('there', there.id, null),
      give('tenant', here.id, tenant.id),
      give('other tenant', here.id, otherTenant.id),
      give('twice', null, null),
      give('twice', here.id, null),
    ]);
    const scopes = {
      unscoped: { domainId: null, tenantId: null },
      domain: { domainId: here.id, tenantId: null },
      tenant: { domainId: here.id, tenantId: tenant.id },
    };
    const expected = {
      unscoped: ['everywhere', 'twice', 'Ähnlich'],
      domain: ['everywhere', 'here', 'twice', 'Ähnlich'],
      tenant: ['everywhere', 'here', 'tenant', 'twice', 'Ähnlich'],
    };
    for (const name of ['unscoped', 'domain', 'tenant'] as const) {
      const session = aSession(user.id, scopes[name]);
      await db.write([insertSession(db, session)]);
      const held = await holderOf(db, session);
      assert.deepEqual(
        held.roles,
        expected[name].map((role) => `${role} ${user.id}`),
      );
      assert.equal(held.domainEnabled, true);
      assert.deepEqual(
        await readHolder(db, user.id, scopes[name]),
        held,
        'read apart from a session, it is the same',
      );
      assert.deepEqual(await db.findHolder(user.id, scopes[name]), held);
    }
  });

  test('in a disabled or unknown domain or tenant opens nothing', async () => {
    const { db } = store;
    const domain = aDomain();
    const tenant = aTenant({ domainId: domain.id, enabled: false });
    const user = aUser();
    await db.write([insertDomain(db, domain), insertTenant(db, tenant), insertUser(db, user)]);
    const enabled = async (scope: Parameters<typeof readHolder>[2]) =>
      (await readHolder(db, user.id, scope))?.domainEnabled;
    assert.equal(await enabled({ domainId: domain.id, tenantId: null }), true);
    assert.equal(await enabled({ domainId: domain.id, tenantId: tenant.id }), false, 'disabled tenant');
    assert.equal(
      await enabled({ domainId: rootDomain.id, tenantId: tenant.id }),
      false,
      'another domain’s tenant',
    );
    assert.equal(await enabled({ domainId: randomUUID() as never, tenantId: null }), false, 'unknown domain');
    await db.write([updateDomain(db, { ...domain, enabled: false })]);
    assert.equal(await enabled({ domainId: domain.id, tenantId: null }), false, 'disabled domain');
  });

  test('shows every change of user, role, assignment and domain at once', async () => {
    const { db } = store;
    const domain = aDomain();
    const role = aRole();
    const [user, session] = await insertHeldIn(domain, role);
    assert.equal((await holderOf(db, session)).enabled, true);
    await changeUser(db, user.id, (read) => ({
      user: { ...read, enabled: false, expiresAtMs: 5 },
      result: null,
    }));
    assert.equal((await holderOf(db, session)).enabled, false);
    assert.equal((await holderOf(db, session)).expiresAtMs, 5);

    await db.write([updateRole(db, { ...role, name: `${role.name} renamed` })]);
    assert.deepEqual((await holderOf(db, session)).roles, [`${role.name} renamed`]);
    const assignment = { userId: user.id, roleId: role.id, domainId: null, tenantId: null };
    await db.write([unassign(db, assignment)]);
    assert.deepEqual((await holderOf(db, session)).roles, []);
    await db.write([assign(db, assignment)]);
    assert.deepEqual((await holderOf(db, session)).roles, [`${role.name} renamed`]);
    await db.write(deleteRole(db, role.id));
    assert.deepEqual((await holderOf(db, session)).roles, []);

    await db.write([updateDomain(db, { ...domain, name: `${domain.name} renamed`, enabled: false })]);
    assert.equal((await holderOf(db, session)).domainName, `${domain.name} renamed`);
    assert.equal((await holderOf(db, session)).domainEnabled, false);
    await db.write(deleteUser(db, user.id));
    assert.equal(await db.findHeldSession(session.id), null);

    async function insertHeldIn(domain: Parameters<typeof insertDomain>[1], role: Role) {
      await db.write([insertDomain(db, domain)]);
      return insertHeld(db, role, { domainId: domain.id });
    }
  });

  test('shows a change of any one thing about its user at once', async () => {
    const { db } = store;
    const [user, session] = await insertHeld(db, aRole());
    const home = aDomain();
    await db.write([insertDomain(db, home)]);
    const changes: Partial<User>[] = [
      { username: `other ${user.id}` },
      { connection: 'ldap' },
      { name: 'Ada' },
      { enabled: false },
      { allowedAuthMethods: [] },
      { expiresAtMs: 7 },
    ];
    for (const change of changes) {
      const before = await holderOf(db, session);
      await changeUser(db, user.id, (read) => ({ user: { ...read, ...change }, result: null }));
      assert.deepEqual(await holderOf(db, session), { ...before, ...change });
      const { domainId, tenantId } = session;
      assert.deepEqual(await db.findHolder(user.id, { domainId, tenantId }), { ...before, ...change });
    }
    await changeUser(db, user.id, (read) => ({ user: { ...read, domainId: home.id }, result: null }));
    assert.equal((await holderOf(db, session)).homeDomainName, home.name);
  });

  test('found again and again is as its row is, whatever wrote to it and whether that succeeded', async () => {
    const { db } = store;
    const [user, session] = await insertHeld(db, aRole());
    const isAsItsRow = async (): Promise<Session | null> => {
      const row = await findSession(db, session.id);
      for (const _ of [1, 2])
        assert.deepEqual((await db.findHeldSession(session.id))?.held.session ?? null, row);
      return row;
    };
    const change = (changes: Partial<Session>, writes: readonly Write[] = []) =>
      db.changeSession(session.id, (held) => {
        const changed = { ...held.session, ...changes };
        return { session: changed, writes, result: held.session.generation };
      });
    assert.deepEqual(await isAsItsRow(), session);
    await change({ generation: 2, issuedAtMs: 5, usedAtMs: null, refreshedAtMs: 5, usedFrom: '192.0.2.1' });
    assert.equal((await isAsItsRow())?.generation, 2);
    await change({ usedAtMs: 6, refreshedAtMs: 6 });
    assert.equal((await isAsItsRow())?.usedAtMs, 6);
    await change({ lifetimes: { absoluteSeconds: 9, idleSeconds: 8 }, amr: ['pwd', 'otp'], domainId: null });
    assert.deepEqual((await isAsItsRow())?.amr, ['pwd', 'otp']);
    await change({ generation: 3 }, [insertUser(db, aUser())]);
    assert.equal((await isAsItsRow())?.generation, 3);
    await assert.rejects(change({ generation: 4 }, [insertUser(db, user)]), DuplicateRow);
    assert.equal((await isAsItsRow())?.generation, 3);
    const [renewed] = await Promise.all([
      change({ generation: 5 }),
      assert.rejects(
        db.write([endSessionsOfUser(db, user.id, null, 'any', 'revoked', 7), insertUser(db, user)]),
      ),
    ]);
    assert.equal(renewed, 3);
    assert.equal((await isAsItsRow())?.endedAtMs, null);
    await db.write([writeReauthentication(db, { ...session, authenticatedAtMs: 11 })]);
    assert.equal((await isAsItsRow())?.authenticatedAtMs, 11);
    await db.write([insertSession(db, aSession(user.id))]);
    assert.equal((await isAsItsRow())?.generation, 5);
    await db.write([endSessionsOfUser(db, user.id, null, 'any', 'revoked', 12)]);
    assert.equal((await isAsItsRow())?.endedAtMs, 12);
    await db.write(deleteUser(db, user.id));
    assert.equal(await isAsItsRow(), null);
  });

  test('shows a change of the same turn to whoever decides after it', async () => {
    const { db } = store;
    const [user, session] = await insertHeld(db, aRole());
    await holderOf(db, session);
    await changeUser(db, user.id, (read) => ({ user: { ...read, enabled: false }, result: null }));
    const enabled = await db.changeSession(session.id, ({ holder }) => ({
      session: null,
      result: holder.enabled,
    }));
    assert.equal(enabled, false);
  });

  test('after a write that failed is as before it', async () => {
    const { db } = store;
    const [user, session] = await insertHeld(db, aRole());
    const seen: boolean[] = [];
    const failing = db.write([
      {
        query: db.queries.updateTable('users').set({ enabled: 0 }).where('id', '=', user.id),
        mustChange: 'one',
      },
      insertUser(db, user),
    ]);
    const deciding = db.changeSession(session.id, ({ holder }) => ({
      session: null,
      result: seen.push(holder.enabled),
    }));
    await assert.rejects(failing);
    await deciding;
    assert.deepEqual(seen, [true]);
    assert.equal((await holderOf(db, session)).enabled, true);
  });

  test('comes with the settings of that moment; the object is a new one only when they changed', async () => {
    const { db } = store;
    const [, session] = await insertHeld(db, aRole());
    const configuration = async () => (await db.findHeldSession(session.id))?.configuration;
    const before = await configuration();
    assert.equal(await configuration(), before);
    await db.write(setSetting(db, 'NAME', 'value'));
    const after = await configuration();
    assert.equal(after?.settings.get('NAME'), 'value');
    assert.ok(before && after && after.version > before.version);
    const decidedWith = await db.changeSession(session.id, (_, now) => ({ session: null, result: now }));
    assert.equal(decidedWith, after);
    await db.write(resetSetting(db, 'NAME'));
    assert.equal((await configuration())?.settings.has('NAME'), false);
  });

  test('shows a change that concerns many users at once, as one that names none of them', async () => {
    const { db } = store;
    const [user, session] = await insertHeld(db, aRole());
    assert.equal((await holderOf(db, session)).enabled, true);
    const disable = db.queries.updateTable('users').set({ enabled: 0 });
    await db.write([{ query: disable.where('username', '=', user.username), mustChange: 'any' }]);
    assert.equal((await holderOf(db, session)).enabled, false);
    const enable = db.queries.updateTable('users').set({ enabled: 1 });
    const either = enable.where((eb) => eb.or([eb('id', '=', user.id), eb('username', '=', user.username)]));
    await db.write([{ query: either, mustChange: 'any' }]);
    assert.equal((await holderOf(db, session)).enabled, true);
  });

  test('of one user changes without disturbing the configuration', async () => {
    const { db } = store;
    const [user] = await insertHeld(db, aRole());
    const before = await db.configuration();
    await changeUser(db, user.id, (read) => ({ user: { ...read, loginsCount: 1 }, result: null }));
    assert.equal(await db.configuration(), before, 'keys made from it are kept by the object');
    await assert.rejects(db.write([updateUser(db, { ...user, version: 7 }), insertUser(db, aUser())]));
    assert.equal(await db.configuration(), before, 'nor does a write that somebody was faster than');
  });
});
