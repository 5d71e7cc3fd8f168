/** Roles that are given by assignments, in new installations and in older ones. On both engines. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rootDomainId } from '../../src/domain/ids.ts';
import { assignedRoles, everyRole } from '../../src/domain/role-names.ts';
import { ensureAssignedRoles } from '../../src/operations/ensure-roles.ts';
import { listRoles } from '../../src/operations/manage-roles.ts';
import { heldRoles, holdersOf } from '../../src/store/assignments.ts';
import { deleteRole, findRole } from '../../src/store/roles.ts';
import { forEachDatabase } from './manage-fixture.ts';

forEachDatabase((world) => {
  test('an older installation gets what it lacks, and its operators the role that counts as every role', async () => {
    const { core } = world();
    const { database } = core;
    const [operator, other] = [await world().addUser({}, 'admin'), await world().addUser({}, 'User Admins')];
    const away = await world().addDomain();
    const local = await world().addUser({ domainId: away.id }, 'admin');
    for (const name of [everyRole, 'Support']) {
      const role = await findRole(database, { domainId: null, name });
      await database.write(deleteRole(database, role?.id ?? assert.fail()));
    }
    await ensureAssignedRoles(core);
    for (const name of assignedRoles.keys()) {
      const role = await findRole(database, { domainId: null, name });
      assert.deepEqual([role?.origin, role?.domainId], ['system', null]);
    }
    const rootHolds = (await heldRoles(database, operator.id)).map(({ role, domainId }) => [role, domainId]);
    assert.deepEqual(rootHolds, [
      [everyRole, null],
      ['admin', rootDomainId],
    ]);
    for (const { id } of [other, local])
      assert.ok((await heldRoles(database, id)).every(({ role }) => role !== everyRole));
  });

  test('who got the role that counts as every role and lost it does not get it again', async () => {
    const { core } = world();
    const operator = await world().addUser({}, 'admin');
    await ensureAssignedRoles(core);
    await ensureAssignedRoles(core);
    const holders = await holdersOf(core.database, { role: everyRole, domainId: rootDomainId });
    assert.ok(!holders.includes(operator.id));
  });

  test('two servers that make them at once make each once', async () => {
    const { core } = world();
    const { database } = core;
    for (const name of ['Support', 'Customer']) {
      const role = await findRole(database, { domainId: null, name });
      await database.write(deleteRole(database, role?.id ?? assert.fail()));
    }
    await Promise.all([ensureAssignedRoles(core), ensureAssignedRoles(core)]);
    assert.ok(await findRole(database, { domainId: null, name: 'Customer' }));
  });

  test('they are no groups', async () => {
    const { core } = world();
    const caller = await world().as(await world().addUser({}, 'admin'));
    const { rows } = await listRoles(core, caller, { name: null, userId: null, skip: 0, limit: 100 });
    assert.ok(rows.length > 0 && rows.every(({ name }) => !assignedRoles.has(name)));
  });
});
