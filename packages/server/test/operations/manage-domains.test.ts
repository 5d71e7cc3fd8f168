/** Domains as operators make them and everybody sees them. @module */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { UserId } from '../../src/domain/ids.ts';
import { createDomain, listDomains, listOwnDomains } from '../../src/operations/manage-domains.ts';
import { getRole } from '../../src/operations/manage-roles.ts';
import { findDomain } from '../../src/store/domains.ts';
import { forEachDatabase, outcomeOf, type World } from './manage-fixture.ts';

const range = { skip: 0, limit: 2000 };
const aName = () => `d-${randomUUID()}`;

async function operator(world: World) {
  return world.as(await world.addUser({}, 'admin'));
}

forEachDatabase((world) => {
  test('a domain is made together with its administrators, who enter it at once', async () => {
    const { core } = world();
    const caller = await operator(world());
    const ada = await world().addUser();
    const domain = await createDomain(core, caller, { name: aName(), admins: [ada.id, ada.id] });
    assert.equal(domain.allowUserManagement, false);
    assert.deepEqual(await findDomain(core.database, domain.name), domain);
    const inside = await world().as(ada, domain.id);
    assert.deepEqual(inside.principal.roles, ['admin']);
    assert.equal((await getRole(core, inside, 'admin')).usersCount, 1);
    const own = await listOwnDomains(core, inside, range);
    assert.deepEqual(new Set(own.rows.map((row) => row.name)), new Set(['root', domain.name]));
    const all = await listDomains(core, caller, range);
    assert.equal(
      all.rows.some((row) => row.id === domain.id),
      true,
    );
  });

  test('a domain without an administrator who exists is not made', async () => {
    const { core } = world();
    const caller = await operator(world());
    const name = aName();
    const unknown = randomUUID() as UserId;
    for (const admins of [[], [unknown], [caller.principal.userId, unknown]])
      assert.equal(await outcomeOf(createDomain(core, caller, { name, admins })), 'invalid_value');
    assert.equal(await findDomain(core.database, name), null);
  });

  test('a name is taken without regard to case, and some names never are free', async () => {
    const { core } = world();
    const caller = await operator(world());
    const admins = [caller.principal.userId];
    const name = aName();
    assert.equal(await outcomeOf(createDomain(core, caller, { name, admins })), 'done');
    assert.equal(
      await outcomeOf(createDomain(core, caller, { name: name.toUpperCase(), admins })),
      'conflict',
    );
    for (const bad of ['none', 'global', '', ' ', 'a\nb', 'x'.repeat(254), randomUUID()])
      assert.equal(await outcomeOf(createDomain(core, caller, { name: bad, admins })), 'invalid_value', bad);
  });
});
