/** Roles and who holds them. @module */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { assignRole, unassignRole } from '../../src/operations/manage-assignments.ts';
import { domainOf } from '../../src/operations/manage-rights.ts';
import { changeRole, createRole, deleteRole, getRole, listRoles } from '../../src/operations/manage-roles.ts';
import { listAudit } from '../../src/store/audit.ts';
import { forEachDatabase, outcomeOf, type World } from './manage-fixture.ts';

const aName = () => `Role ${randomUUID()}`;

async function administrator(world: World) {
  const domain = await world.addDomain();
  return world.as(await world.addUser({ domainId: domain.id }, 'admin'));
}

forEachDatabase((world) => {
  test('a role is made in the token’s domain and known in no other', async () => {
    const { core } = world();
    const [here, there] = [await administrator(world()), await administrator(world())];
    const fields = { name: aName(), description: 'd', appMetadata: { a: 1 }, clientMetadata: { c: [] } };
    const role = await createRole(core, here, fields);
    assert.deepEqual(await getRole(core, here, fields.name), role);
    assert.equal(role.domainId, here.principal.domainId);
    assert.equal(role.origin, 'custom');
    assert.equal(await outcomeOf(getRole(core, there, fields.name)), 'not_found');
    assert.equal(await outcomeOf(createRole(core, here, fields)), 'conflict');
    assert.equal(await outcomeOf(createRole(core, there, fields)), 'done');
  });

  test('of ten who make one role at once, one does and nine are told it is taken', async () => {
    const { core } = world();
    const caller = await administrator(world());
    const name = aName();
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => outcomeOf(createRole(core, caller, { name }))),
    );
    assert.deepEqual(outcomes.toSorted(), [...Array(9).fill('conflict'), 'done']);
  });

  test('roles of the system keep their names and stay; only operators change them', async () => {
    const { core } = world();
    const operator = await world().as(await world().addUser({}, 'admin'));
    const caller = await administrator(world());
    for (const name of ['admin', 'User Admins', 'Key Users', 'All Clients']) {
      assert.equal(await outcomeOf(deleteRole(core, operator, name)), 'conflict');
      assert.equal(await outcomeOf(changeRole(core, operator, name, { name: aName() })), 'conflict');
      assert.equal(await outcomeOf(changeRole(core, caller, name, { description: 'mine' })), 'forbidden');
    }
    const changed = await changeRole(core, operator, 'Key Users', { name: 'Key Users', description: 'keys' });
    assert.equal(changed.description, 'keys');
  });

  test('only fields that are given change; a new name is taken or free like any other', async () => {
    const { core } = world();
    const caller = await administrator(world());
    const [name, other, free] = [aName(), aName(), aName()];
    const role = await createRole(core, caller, { name, description: 'd', userMetadata: { u: 1 } });
    await createRole(core, caller, { name: other });
    world().pass(1);
    assert.equal(await outcomeOf(changeRole(core, caller, name, { name: other })), 'conflict');
    assert.equal(await outcomeOf(changeRole(core, caller, name, { name: 'admin' })), 'conflict');
    const changed = await changeRole(core, caller, name, { name: free, description: 'e' });
    assert.deepEqual(changed, { ...role, name: free, description: 'e', updatedAtMs: core.clock() });
    assert.equal(await outcomeOf(getRole(core, caller, name)), 'not_found');
  });

  test('names and texts that cannot be are refused', async () => {
    const { core } = world();
    const caller = await administrator(world());
    for (const name of ['', ' a', 'a\nb', 'x'.repeat(129)])
      assert.equal(await outcomeOf(createRole(core, caller, { name })), 'invalid_value');
    const name = aName();
    assert.equal(
      await outcomeOf(createRole(core, caller, { name, description: 'a\u0000' })),
      'invalid_value',
    );
    const appMetadata = { text: 'x'.repeat(20_000) };
    assert.equal(await outcomeOf(createRole(core, caller, { name, appMetadata })), 'invalid_value');
  });

  test('giving a role twice is giving it once; taking it twice is told', async () => {
    const { core } = world();
    const caller = await administrator(world());
    const user = await world().addUser({ domainId: domainOf(caller) });
    const { name } = await createRole(core, caller, { name: aName() });
    assert.equal((await assignRole(core, caller, name, user.id)).usersCount, 1);
    assert.equal((await assignRole(core, caller, name, user.id)).usersCount, 1);
    const held = await listRoles(core, caller, { name: null, userId: user.id, skip: 0, limit: 10 });
    assert.deepEqual(
      held.rows.map((role) => [role.name, role.usersCount]),
      [[name, 1]],
    );
    await unassignRole(core, caller, name, user.id);
    assert.equal((await getRole(core, caller, name)).usersCount, 0);
    assert.equal(await outcomeOf(unassignRole(core, caller, name, user.id)), 'not_found');
    assert.equal(await outcomeOf(assignRole(core, caller, 'no such role', user.id)), 'not_found');
    const { rows } = await listAudit(core.database, { action: null, target: user.id, skip: 0, limit: 10 });
    assert.deepEqual(
      rows.map((row) => row.action),
      ['role_unassigned', 'role_assigned', 'role_assigned'],
    );
  });

  test('a system role counts its holders of the token’s domain only', async () => {
    const { core } = world();
    const [here, there] = [await administrator(world()), await administrator(world())];
    for (const caller of [here, there]) assert.equal((await getRole(core, caller, 'admin')).usersCount, 1);
  });

  test('a deleted role is held by nobody', async () => {
    const { core } = world();
    const caller = await administrator(world());
    const user = await world().addUser({ domainId: domainOf(caller) });
    const { name, id } = await createRole(core, caller, { name: aName() });
    await assignRole(core, caller, name, user.id);
    await deleteRole(core, caller, name);
    const left = core.database.queries.selectFrom('assignments').select('user_id').where('role_id', '=', id);
    assert.deepEqual(await core.database.read(left), []);
    assert.equal(await outcomeOf(deleteRole(core, caller, name)), 'not_found');
  });
});
