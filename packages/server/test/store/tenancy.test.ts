/** Domains, tenants, roles and assignments as records. On both engines. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Assignment } from '../../src/domain/tenancy.ts';
import {
  assign,
  domainsOf,
  keepAnotherHolder,
  rolesOf,
  rolesOfMany,
  unassign,
  unassignButNotLast,
} from '../../src/store/assignments.ts';
import { DuplicateRow, WriteConflict } from '../../src/store/database.ts';
import { findDomain, insertDomain, listDomains, updateDomain } from '../../src/store/domains.ts';
import {
  countHolders,
  deleteRole,
  findRole,
  insertRole,
  listRoles,
  updateRole,
} from '../../src/store/roles.ts';
import { findTenant, insertTenant } from '../../src/store/tenants.ts';
import { deleteUser, insertUser } from '../../src/store/users.ts';
import { onBothEngines } from './engines.ts';
import { aDomain, aRole, aTenant, aUser, rootDomain } from './records.ts';

const page = { skip: 0, limit: 1000 };

onBothEngines('tenancy', (store) => {
  test('a domain is found by id and by name, and its name is its own without regard to case', async () => {
    const { db } = store;
    const domain = aDomain({ name: 'Acme.Example', allowUserManagement: true });
    await db.write([insertDomain(db, domain)]);
    assert.deepEqual(await findDomain(db, domain.id), domain);
    assert.deepEqual(await findDomain(db, domain.id.toUpperCase()), domain);
    assert.deepEqual(await findDomain(db, 'acme.EXAMPLE'), domain);
    assert.equal(await findDomain(db, 'acme'), null);
    await assert.rejects(db.write([insertDomain(db, aDomain({ name: 'ACME.example' }))]), DuplicateRow);
    await db.write([updateDomain(db, { ...domain, enabled: false })]);
    assert.equal((await findDomain(db, domain.id))?.enabled, false);
    await assert.rejects(db.write([updateDomain(db, aDomain())]), WriteConflict);
  });

  test('a user may enter their home, where they hold a role, and with a global role everywhere enabled', async () => {
    const { db } = store;
    const [home, roled, other, disabled] = [aDomain(), aDomain(), aDomain(), aDomain({ enabled: false })];
    const tenant = aTenant({ domainId: other.id });
    const [local, global] = [aUser({ domainId: home.id }), aUser({ domainId: home.id })];
    const role = aRole();
    const give = (user: typeof local, domain: typeof home | null, inTenant: typeof tenant | null = null) =>
      assign(db, {
        userId: user.id,
        roleId: role.id,
        domainId: domain?.id ?? null,
        tenantId: inTenant?.id ?? null,
      });
    await db.write([
      ...[home, roled, other, disabled].map((domain) => insertDomain(db, domain)),
      insertTenant(db, tenant),
      ...[local, global].map((user) => insertUser(db, user)),
      insertRole(db, role),
      give(local, roled),
      give(local, disabled),
      give(local, other, tenant),
      give(global, null),
    ]);
    const expected = [home, roled].map(({ name }) => name).sort();
    assert.deepEqual(
      (await domainsOf(db, local.id)).map(({ name }) => name),
      expected,
    );
    const { rows, total } = await listDomains(db, { ...page, userId: local.id });
    assert.deepEqual(
      rows.map(({ name }) => name),
      expected,
    );
    assert.equal(total, 2);
    const all = await listDomains(db, { ...page, userId: null });
    const enabled = all.rows.filter((domain) => domain.enabled);
    assert.ok(all.rows.some(({ id }) => id === disabled.id));
    assert.deepEqual(await domainsOf(db, global.id), enabled);
    const second = await listDomains(db, { userId: null, skip: 1, limit: 1 });
    assert.deepEqual(second, { rows: all.rows.slice(1, 2), total: all.total });
  });

  test('a tenant is found in its domain only', async () => {
    const { db } = store;
    const domain = aDomain();
    const tenant = aTenant({ domainId: domain.id, name: 'North' });
    await db.write([insertDomain(db, domain), insertTenant(db, tenant)]);
    assert.deepEqual(await findTenant(db, { domainId: domain.id, id: tenant.id }), tenant);
    assert.equal(await findTenant(db, { domainId: rootDomain.id, id: tenant.id }), null);
    const same = aTenant({ domainId: domain.id, name: 'NORTH' });
    await assert.rejects(db.write([insertTenant(db, same)]), DuplicateRow);
  });

  test('a role’s name is its own in its domain; a system role is known in all', async () => {
    const { db } = store;
    const domain = aDomain();
    const system = aRole({ name: 'Key Keepers', origin: 'system', appMetadata: { a: 1 } });
    const own = aRole({ name: 'Readers', domainId: domain.id });
    const foreign = aRole({ name: 'Readers', domainId: rootDomain.id });
    await db.write([insertDomain(db, domain), ...[system, own, foreign].map((role) => insertRole(db, role))]);
    assert.deepEqual(await findRole(db, { domainId: domain.id, name: 'Key Keepers' }), system);
    assert.deepEqual(await findRole(db, { domainId: domain.id, name: 'Readers' }), own);
    assert.equal(await findRole(db, { domainId: domain.id, name: 'readers' }), null);
    await assert.rejects(
      db.write([insertRole(db, aRole({ name: 'Readers', domainId: domain.id }))]),
      DuplicateRow,
    );
    await assert.rejects(db.write([insertRole(db, aRole({ name: 'Key Keepers' }))]), DuplicateRow);
    await db.write([updateRole(db, { ...own, description: 'may read' })]);
    assert.equal((await findRole(db, { domainId: domain.id, name: 'Readers' }))?.description, 'may read');
    await db.write(deleteRole(db, own.id));
    assert.equal(await findRole(db, { domainId: domain.id, name: 'Readers' }), null);
    await assert.rejects(db.write(deleteRole(db, own.id)), WriteConflict);
  });

  test('roles are listed with how many hold them there, and by holder', async () => {
    const { db } = store;
    const domain = aDomain();
    const [held, unheld] = [aRole({ domainId: domain.id }), aRole({ domainId: domain.id })];
    const users = [aUser(), aUser(), aUser()];
    const [ada, bob, cleo] = users;
    assert.ok(ada && bob && cleo);
    const give = (user: typeof ada, where: typeof domain | null) =>
      assign(db, { userId: user.id, roleId: held.id, domainId: where?.id ?? null, tenantId: null });
    await db.write([
      insertDomain(db, domain),
      ...[held, unheld].map((role) => insertRole(db, role)),
      ...users.map((user) => insertUser(db, user)),
      give(ada, null),
      give(ada, domain),
      give(bob, domain),
      give(cleo, rootDomain),
    ]);
    const listed = async (filter: object) => {
      const { rows, total } = await listRoles(db, {
        ...page,
        domainId: domain.id,
        name: null,
        except: [],
        userId: null,
        ...filter,
      });
      assert.equal(total, rows.length);
      return rows
        .filter(({ domainId }) => domainId === domain.id)
        .map(({ id, usersCount }) => ({ id, usersCount }));
    };
    const two = { id: held.id, usersCount: 2 };
    assert.deepEqual(await listed({ name: held.name }), [two]);
    assert.deepEqual(await listed({ name: unheld.name }), [{ id: unheld.id, usersCount: 0 }]);
    assert.deepEqual(await listed({ userId: bob.id }), [two]);
    assert.deepEqual(await listed({ userId: cleo.id }), []);
    assert.equal((await listed({})).length, 2);
    assert.equal(await countHolders(db, held.id, domain.id), 2);
    assert.equal(await countHolders(db, held.id, rootDomain.id), 2);
    assert.equal(await countHolders(db, unheld.id, domain.id), 0);
  });

  test('assigning twice is assigning once; each place is its own', async () => {
    const { db } = store;
    const role = aRole();
    const users = [aUser(), aUser()];
    const [ada, bob] = users;
    assert.ok(ada && bob);
    const everywhere: Assignment = { userId: ada.id, roleId: role.id, domainId: null, tenantId: null };
    const inRoot: Assignment = { ...everywhere, domainId: rootDomain.id };
    await db.write([insertRole(db, role), ...users.map((user) => insertUser(db, user))]);
    for (let time = 0; time < 2; time += 1) await db.write([assign(db, everywhere), assign(db, inRoot)]);
    await db.write([unassign(db, everywhere)]);
    assert.deepEqual(await rolesOf(db, ada.id, { domainId: null, tenantId: null }), []);
    assert.deepEqual(await rolesOf(db, ada.id, { domainId: rootDomain.id, tenantId: null }), [role.name]);
    const many = await rolesOfMany(db, [ada.id, bob.id], { domainId: rootDomain.id, tenantId: null });
    assert.deepEqual(
      [...many],
      [
        [ada.id, [role.name]],
        [bob.id, []],
      ],
    );
    assert.deepEqual([...(await rolesOfMany(db, [], { domainId: null, tenantId: null }))], []);
    await db.write([unassign(db, inRoot), unassign(db, inRoot)]);
    assert.deepEqual(await rolesOf(db, ada.id, { domainId: rootDomain.id, tenantId: null }), []);
  });

  test('of all holders who leave at once, the last one stays', async () => {
    const { db } = store;
    const role = aRole();
    const users = Array.from({ length: 8 }, () => aUser());
    const held = (user: ReturnType<typeof aUser>): Assignment => ({
      userId: user.id,
      roleId: role.id,
      domainId: rootDomain.id,
      tenantId: null,
    });
    await db.write([
      insertRole(db, role),
      ...users.flatMap((user) => [insertUser(db, user), assign(db, held(user))]),
    ]);
    const outcomes = await Promise.allSettled(
      // Half of them leave by being deleted.
      users.map((user, index) =>
        db.write(
          index % 2 === 0
            ? unassignButNotLast(db, held(user))
            : [...keepAnotherHolder(db, held(user)), ...deleteUser(db, user.id)],
        ),
      ),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.equal(refused.length, 1);
    assert.ok(refused[0]?.reason instanceof WriteConflict);
    assert.equal(await countHolders(db, role.id, rootDomain.id), 1);
  });

  test('a holder in another domain does not count as another holder; one everywhere does', async () => {
    const { db } = store;
    const [domain, role, elsewhere, here] = [aDomain(), aRole(), aUser(), aUser()];
    const give = (user: typeof here, domainId: Assignment['domainId']): Assignment => ({
      userId: user.id,
      roleId: role.id,
      domainId,
      tenantId: null,
    });
    await db.write([
      insertDomain(db, domain),
      insertRole(db, role),
      ...[elsewhere, here].map((user) => insertUser(db, user)),
      assign(db, give(elsewhere, domain.id)),
      assign(db, give(here, rootDomain.id)),
    ]);
    await assert.rejects(db.write(unassignButNotLast(db, give(here, rootDomain.id))), WriteConflict);
    await db.write([assign(db, give(elsewhere, null))]);
    await db.write(unassignButNotLast(db, give(here, rootDomain.id)));
    await assert.rejects(db.write(unassignButNotLast(db, give(elsewhere, null))), WriteConflict);
  });
});
