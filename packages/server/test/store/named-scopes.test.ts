/** A session's holder in a scope that a token names, on both engines: always as of now, never another scope's. @module */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { NamedScope } from '../../src/domain/tenancy.ts';
import { assign, unassign } from '../../src/store/assignments.ts';
import type { Database } from '../../src/store/database.ts';
import { insertDomain, updateDomain } from '../../src/store/domains.ts';
import { readHolder } from '../../src/store/holders.ts';
import { insertRole } from '../../src/store/roles.ts';
import { insertSession } from '../../src/store/sessions.ts';
import { insertTenant } from '../../src/store/tenants.ts';
import { insertUser } from '../../src/store/users.ts';
import { onBothEngines } from './engines.ts';
import { aDomain, aRole, aSession, aTenant, aUser } from './records.ts';

async function setUp(db: Database) {
  const [here, there] = [aDomain({ name: `Here ${randomUUID()}` }), aDomain()];
  const [tenant, foreign] = [aTenant({ domainId: here.id }), aTenant({ domainId: there.id })];
  const disabled = aTenant({ domainId: here.id, enabled: false });
  const user = aUser();
  const [everywhere, inDomain, inTenant] = [aRole(), aRole(), aRole()];
  const session = aSession(user.id, { domainId: null });
  const give = (role: typeof inTenant, domainId: typeof here.id | null, tenantId: typeof tenant.id | null) =>
    assign(db, { userId: user.id, roleId: role.id, domainId, tenantId });
  await db.write([
    ...[here, there].map((domain) => insertDomain(db, domain)),
    ...[tenant, foreign, disabled].map((each) => insertTenant(db, each)),
    ...[everywhere, inDomain, inTenant].map((role) => insertRole(db, role)),
    insertUser(db, user),
    give(everywhere, null, null),
    give(inDomain, here.id, null),
    give(inTenant, here.id, tenant.id),
    insertSession(db, session),
  ]);
  return { here, there, tenant, foreign, disabled, user, session, everywhere, inDomain, inTenant };
}

onBothEngines('a scope that is named', (store) => {
  test('is found by the domain’s name in any letters and the tenant’s id; a tenant alone takes its domain', async () => {
    const { db } = store;
    const { here, tenant, user, session, everywhere, inDomain, inTenant } = await setUp(db);
    const sorted = (...roles: { name: string }[]) => roles.map(({ name }) => name).sort();
    const cases: [NamedScope, string | null, string | null, string[]][] = [
      [{ domain: null, tenantId: null }, null, null, sorted(everywhere)],
      [{ domain: here.name.toUpperCase(), tenantId: null }, here.id, null, sorted(everywhere, inDomain)],
      [
        { domain: here.name, tenantId: tenant.id },
        here.id,
        tenant.id,
        sorted(everywhere, inDomain, inTenant),
      ],
      [{ domain: null, tenantId: tenant.id }, here.id, tenant.id, sorted(everywhere, inDomain, inTenant)],
    ];
    for (const [scope, domainId, tenantId, roles] of cases) {
      const holder = (await db.findHeldSession(session.id, scope))?.held.holder;
      assert.deepEqual(
        [holder?.domainId, holder?.tenantId, holder?.roles, holder?.domainEnabled],
        [domainId, tenantId, roles, true],
      );
      const apart = await readHolder(db, user.id, scope);
      assert.deepEqual(await db.findHolder(user.id, scope), apart);
      assert.deepEqual(apart, holder, 'read apart from a session, it is the same');
    }
  });

  test('does not stand when any part of it is unknown, disabled, or of another domain', async () => {
    const { db } = store;
    const { here, tenant, foreign, disabled, session } = await setUp(db);
    const scopes: NamedScope[] = [
      { domain: `no ${here.name}`, tenantId: null },
      { domain: `no ${here.name}`, tenantId: tenant.id },
      { domain: here.id, tenantId: null },
      { domain: '', tenantId: null },
      { domain: here.name, tenantId: foreign.id },
      { domain: here.name, tenantId: randomUUID() },
      { domain: null, tenantId: randomUUID() },
      { domain: here.name, tenantId: disabled.id },
      { domain: null, tenantId: disabled.id },
      { domain: null, tenantId: '' },
    ];
    for (const scope of scopes) {
      const found = await db.findHeldSession(session.id, scope);
      assert.equal(found?.held.holder.domainEnabled, false, JSON.stringify(scope));
    }
    await db.write([updateDomain(db, { ...here, enabled: false })]);
    const shut = await db.findHeldSession(session.id, { domain: here.name, tenantId: null });
    assert.equal(shut?.held.holder.domainEnabled, false);
  });

  test('shows what was given and taken at once', async () => {
    const { db } = store;
    const { here, there, user, session, inDomain } = await setUp(db);
    const rolesIn = async (domain: string) =>
      (await db.findHeldSession(session.id, { domain, tenantId: null }))?.held.holder.roles.includes(
        inDomain.name,
      );
    const there2 = { userId: user.id, roleId: inDomain.id, domainId: there.id, tenantId: null };
    assert.equal(await rolesIn(there.name), false);
    await db.write([assign(db, there2)]);
    assert.equal(await rolesIn(there.name), true);
    await db.write([unassign(db, there2)]);
    assert.equal(await rolesIn(there.name), false);
    await db.write([updateDomain(db, { ...here, name: `renamed ${here.name}` })]);
    assert.equal(await rolesIn(here.name), false, 'the old name is nobody’s');
    assert.equal(await rolesIn(`renamed ${here.name}`), true);
  });

  test('is each caller’s own, when many ask about one session at once', async () => {
    const { db } = store;
    const { here, tenant, session } = await setUp(db);
    const scopes: (NamedScope | null)[] = [
      null,
      { domain: null, tenantId: null },
      { domain: here.name, tenantId: null },
      { domain: here.name, tenantId: tenant.id },
      { domain: 'unknown', tenantId: null },
    ];
    const asked = Array.from({ length: 40 }, (_, at) => scopes[at % scopes.length] ?? null);
    const answers = await Promise.all(
      asked.map((scope) =>
        db.changeSession(
          session.id,
          ({ session: seen, holder }) => ({
            session: {
              ...seen,
              domainId: holder.domainId,
              tenantId: holder.tenantId,
              generation: seen.generation + 1,
            },
            result: [holder.domainId, holder.tenantId, holder.domainEnabled, holder.roles.length],
          }),
          scope,
        ),
      ),
    );
    for (const [at, scope] of asked.entries()) {
      if (scope === null) continue;
      const expected =
        scope.domain === null || scope.domain === 'unknown'
          ? [null, null, scope.domain === null, 1]
          : [here.id, scope.tenantId, true, scope.tenantId === null ? 2 : 3];
      assert.deepEqual(answers[at], expected, JSON.stringify(scope));
    }
    const last = await db.findHeldSession(session.id);
    assert.equal(last?.held.session.generation, 41, 'no change is lost');
  });
});
