/** Nobody gains a right by managing others, or themselves. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rootDomainId } from '../../src/domain/ids.ts';
import { assignRole, unassignRole } from '../../src/operations/manage-assignments.ts';
import { changeOwnUser } from '../../src/operations/manage-own-user.ts';
import { createRole } from '../../src/operations/manage-roles.ts';
import { changeUser, deleteUser } from '../../src/operations/manage-user-changes.ts';
import { getUser } from '../../src/operations/manage-users.ts';
import { rolesOf } from '../../src/store/assignments.ts';
import { findUser } from '../../src/store/users.ts';
import { forEachDatabase, outcomeOf, outcomesOf } from './manage-fixture.ts';

forEachDatabase((world) => {
  test('a user administrator neither changes, resets, deletes nor gives roles to who holds admin', async () => {
    const { core } = world();
    const caller = await world().as(await world().addUser({}, 'User Admins'));
    const admin = await world().addUser({}, 'admin', 'Key Users');
    const attempts = [
      changeUser(core, caller, admin.id, { password: 'Taken-over1' }),
      changeUser(core, caller, admin.id, { email: 'me@example.com' }),
      changeUser(core, caller, admin.id, { enabled: false }),
      deleteUser(core, caller, admin.id),
      assignRole(core, caller, 'Key Users', admin.id),
      unassignRole(core, caller, 'Key Users', admin.id),
      unassignRole(core, caller, 'admin', admin.id),
    ];
    for (const outcome of await outcomesOf(attempts)) assert.equal(outcome, 'forbidden');
    assert.deepEqual(await findUser(core.database, admin.id), admin);
  });

  test('a user administrator makes nobody admin, not even themselves', async () => {
    const { core } = world();
    const user = await world().addUser({}, 'User Admins');
    const caller = await world().as(user);
    const other = await world().addUser();
    for (const id of [user.id, other.id])
      assert.equal(await outcomeOf(assignRole(core, caller, 'admin', id)), 'forbidden');
    assert.deepEqual(await rolesOf(core.database, user.id, { domainId: rootDomainId, tenantId: null }), [
      'User Admins',
    ]);
  });

  test('roles of the other kind of administration neither protect less nor open more', async () => {
    const { core } = world();
    const [root, home] = [rootDomainId, await world().addDomain()];
    for (const [domainId, role, place] of [
      [home.id, 'Administrator', home.id],
      [home.id, 'Root', null],
      [home.id, 'Support', null],
      [root, 'admin', root],
    ] as const) {
      const user = await world().addUser({ domainId });
      await world().giveRole(user, role, place);
      const manager = await world().addUser({ domainId }, 'User Admins');
      // Power over accounts of a domain, and not over the installation.
      if (domainId === root) await world().giveRole(manager, 'Administrator', root);
      const caller = await world().as(manager);
      const change = changeUser(core, caller, user.id, { password: 'Taken-over1' });
      assert.equal(await outcomeOf(change), 'forbidden', role);
      assert.equal(await outcomeOf(deleteUser(core, caller, user.id)), 'forbidden', role);
    }
  });

  test('a user administrator may change an equal', async () => {
    const caller = await world().as(await world().addUser({}, 'User Admins'));
    const equal = await world().addUser({}, 'User Admins');
    assert.equal(
      await outcomeOf(changeUser(world().core, caller, equal.id, { password: 'New-pass2' })),
      'done',
    );
  });

  test('who holds an administrator’s role in another domain, or everywhere, is out of reach too', async () => {
    const { core } = world();
    const userAdmin = await world().as(await world().addUser({}, 'User Admins'));
    const elsewhere = await world().addDomain();
    for (const [role, domainId] of [
      ['admin', elsewhere.id],
      ['User Admins', elsewhere.id],
      ['admin', null],
    ] as const) {
      const target = await world().addUser();
      await world().giveRole(target, role, domainId);
      const attempt = changeUser(core, userAdmin, target.id, { password: 'Taken-over1' });
      assert.equal(await outcomeOf(attempt), 'forbidden', `${role} in ${domainId}`);
    }
  });

  test('the administrator of a domain cannot become an operator through a user at home there', async () => {
    const { core } = world();
    const domain = await world().addDomain();
    const caller = await world().as(await world().addUser({ domainId: domain.id }, 'admin'));
    for (const [role, domainId] of [
      ['admin', rootDomainId],
      ['User Admins', rootDomainId],
      ['admin', null],
    ] as const) {
      const target = await world().addUser({ domainId: domain.id });
      await world().giveRole(target, role, domainId);
      const attempts = [
        changeUser(core, caller, target.id, { password: 'Taken-over1' }),
        deleteUser(core, caller, target.id),
      ];
      const where = `${role} in ${domainId}`;
      for (const outcome of await outcomesOf(attempts)) assert.equal(outcome, 'forbidden', where);
    }
  });

  test('the administrator of a domain sees but does not change guests from other domains', async () => {
    const { core } = world();
    const domain = await world().addDomain();
    const caller = await world().as(await world().addUser({ domainId: domain.id }, 'admin'));
    const guest = await world().addUser();
    assert.equal(await outcomeOf(getUser(core, caller, guest.id)), 'not_found');
    await world().giveRole(guest, 'Key Users', domain.id);
    assert.equal(await outcomeOf(getUser(core, caller, guest.id)), 'done');
    const attempts = [
      changeUser(core, caller, guest.id, { password: 'Taken-over1' }),
      deleteUser(core, caller, guest.id),
    ];
    for (const outcome of await outcomesOf(attempts)) assert.equal(outcome, 'forbidden');
    assert.equal(await outcomeOf(unassignRole(core, caller, 'Key Users', guest.id)), 'done');
    assert.equal(await outcomeOf(getUser(core, caller, guest.id)), 'not_found');
  });

  test('an administrator who came from another domain brings in colleagues from there, and nobody else', async () => {
    const { core } = world();
    const [domain, third] = [await world().addDomain(), await world().addDomain()];
    const user = await world().addUser();
    await world().giveRole(user, 'admin', domain.id);
    const caller = await world().as(user, domain.id);
    const colleague = await world().addUser();
    const stranger = await world().addUser({ domainId: third.id });
    assert.equal(await outcomeOf(assignRole(core, caller, 'Key Users', colleague.id)), 'done');
    assert.equal(await outcomeOf(assignRole(core, caller, 'Key Users', stranger.id)), 'not_found');
  });

  test('a role given in one domain counts in no other', async () => {
    const { core } = world();
    const domain = await world().addDomain();
    const caller = await world().as(await world().addUser({ domainId: domain.id }, 'admin'));
    const user = await world().addUser({ domainId: domain.id });
    await assignRole(core, caller, 'admin', user.id);
    assert.deepEqual(await rolesOf(core.database, user.id, { domainId: domain.id, tenantId: null }), [
      'admin',
    ]);
    assert.deepEqual(await rolesOf(core.database, user.id, { domainId: rootDomainId, tenantId: null }), []);
  });

  test('a role held everywhere is taken away by operators only, and then is gone everywhere', async () => {
    const { core } = world();
    const domain = await world().addDomain();
    const caller = await world().as(await world().addUser({ domainId: domain.id }, 'admin'));
    const operator = await world().as(await world().addUser({}, 'admin'));
    const user = await world().addUser({ domainId: domain.id });
    await world().giveRole(user, 'Key Users', null);
    assert.equal(await outcomeOf(unassignRole(core, caller, 'Key Users', user.id)), 'forbidden');
    assert.equal(await outcomeOf(unassignRole(core, operator, 'Key Users', user.id)), 'done');
    assert.deepEqual(await rolesOf(core.database, user.id, { domainId: domain.id, tenantId: null }), []);
  });

  test('what users may not change of themselves is not looked at, however it is sent', async () => {
    const { core } = world();
    const user = await world().addUser();
    const caller = await world().as(user);
    const sent = {
      nickname: 'Bo',
      passwordPolicy: 'lax',
      expiresAtMs: null,
      enabled: true,
      allowedAuthMethods: ['user_certificate'],
      appMetadata: { role: 'admin' },
      passwordHash: 'x',
      domainId: rootDomainId,
      username: 'admin',
      version: 99,
    };
    await changeOwnUser(core, caller, sent);
    const changed = await findUser(core.database, user.id);
    assert.deepEqual(changed, {
      ...user,
      nickname: 'Bo',
      version: user.version + 1,
      updatedAtMs: core.clock(),
    });
  });

  test('what is no field of an account is not written by an administrator either', async () => {
    const { core } = world();
    const caller = await world().as(await world().addUser({}, 'admin'));
    const user = await world().addUser();
    const sent = {
      name: 'Bo',
      passwordHash: 'x',
      domainId: 'y',
      username: 'admin',
      id: 'z',
      lockedUntilMs: 5,
    };
    await changeUser(core, caller, user.id, sent);
    const changed = await findUser(core.database, user.id);
    assert.deepEqual(changed, { ...user, name: 'Bo', version: user.version + 1, updatedAtMs: core.clock() });
  });

  test('no role is made that could be taken for one of the system’s', async () => {
    const caller = await world().as(await world().addUser({}, 'admin'));
    for (const name of ['Admin', 'ADMIN', 'user admins', 'admin ', 'ad\u200bmin', 'admi\u0301n\u0000'])
      assert.equal(await outcomeOf(createRole(world().core, caller, { name })), 'invalid_value', name);
    assert.equal(await outcomeOf(createRole(world().core, caller, { name: 'admin' })), 'conflict');
  });
});
