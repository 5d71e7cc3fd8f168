/** The root domain always keeps an administrator who can sign in. @module */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { rootDomainId, type UserId } from '../../src/domain/ids.ts';
import type { User } from '../../src/domain/user.ts';
import type { Caller, Core } from '../../src/operations/core.ts';
import { assignRole, unassignRole } from '../../src/operations/manage-assignments.ts';
import { canSignIn } from '../../src/operations/manage-last-admin.ts';
import { changeUser, deleteUser } from '../../src/operations/manage-user-changes.ts';
import { deleteUser as deleteRow, listUsers } from '../../src/store/users.ts';
import { forEachDatabase, outcomeOf, startMs } from './manage-fixture.ts';

type Removal = (core: Core, caller: Caller, id: UserId) => Promise<unknown>;

/** Every way by which an administrator goes. */
const removals: Readonly<Record<string, Removal>> = {
  deleting: (core, caller, id) => deleteUser(core, caller, id),
  disabling: (core, caller, id) => changeUser(core, caller, id, { enabled: false }),
  'allowing no method of signing in': (core, caller, id) =>
    changeUser(core, caller, id, { allowedAuthMethods: [] }),
  'allowing certificates only': (core, caller, id) =>
    changeUser(core, caller, id, { allowedAuthMethods: ['user_certificate'] }),
  'an expiry in the past': (core, caller, id) => changeUser(core, caller, id, { expiresAtMs: startMs - 1 }),
  'an expiry to come': (core, caller, id) => changeUser(core, caller, id, { expiresAtMs: startMs + 1e12 }),
  'taking the role': (core, caller, id) => unassignRole(core, caller, 'admin', id),
};

async function administratorsOf(core: Core): Promise<readonly User[]> {
  const page = await listUsers(core.database, {
    domainId: null,
    name: null,
    username: null,
    email: null,
    inAllRoles: ['admin'],
    inNoRoles: [],
    roleDomainId: rootDomainId,
    accountExpired: null,
    allowedAuthMethods: null,
    allowedClientTypes: null,
    passwordPolicy: null,
    sort: { by: 'username', order: 'asc' },
    nowMs: core.clock(),
    skip: 0,
    limit: 100,
  });
  return page.rows;
}

forEachDatabase((world) => {
  const removeAll = async () => {
    const { core } = world();
    for (const user of await administratorsOf(core))
      await core.database.write(deleteRow(core.database, user.id));
  };
  beforeEach(removeAll);
  afterEach(removeAll);

  for (const [way, remove] of Object.entries(removals)) {
    test(`${way}: refused for the last administrator, also by themselves, and done once there is another`, async () => {
      const { core } = world();
      const last = await world().addUser({}, 'admin');
      const caller = await world().as(last);
      const before = await administratorsOf(core);
      assert.equal(await outcomeOf(remove(core, caller, last.id)), 'conflict');
      assert.deepEqual(await administratorsOf(core), before);
      const other = await world().addUser();
      await assignRole(core, caller, 'admin', other.id);
      assert.equal(await outcomeOf(remove(core, caller, last.id)), 'done');
    });

    test(`${way}: of two administrators taken away at once by each other, one stays`, async () => {
      const { core } = world();
      for (const [otherWay, removeOther] of Object.entries(removals)) {
        await removeAll();
        const [ada, bob] = [await world().addUser({}, 'admin'), await world().addUser({}, 'admin')];
        const [byAda, byBob] = [await world().as(ada), await world().as(bob)];
        const outcomes = await Promise.all([
          outcomeOf(remove(core, byAda, bob.id)),
          outcomeOf(removeOther(core, byBob, ada.id)),
        ]);
        assert.deepEqual(outcomes.toSorted(), ['conflict', 'done'], otherWay);
        const left = await administratorsOf(core);
        assert.equal(left.filter((user) => canSignIn(user, core.clock())).length >= 1, true, otherWay);
      }
    });
  }

  test('administrators who cannot sign in do not count as others', async () => {
    const { core } = world();
    const last = await world().addUser({}, 'admin');
    await world().addUser({ enabled: false }, 'admin');
    await world().addUser({ allowedAuthMethods: ['user_certificate'] }, 'admin');
    await world().addUser({ expiresAtMs: startMs - 1 }, 'admin');
    await world().addUser({ passwordHash: null }, 'admin');
    const domain = await world().addDomain();
    await world().addUser({ domainId: domain.id }, 'admin');
    const caller = await world().as(last);
    for (const [way, remove] of Object.entries(removals))
      assert.equal(await outcomeOf(remove(core, caller, last.id)), 'conflict', way);
  });

  test('an administrator who cannot sign in goes freely', async () => {
    const { core } = world();
    const caller = await world().as(await world().addUser({}, 'admin'));
    const disabled = await world().addUser({ enabled: false }, 'admin');
    assert.equal(await outcomeOf(unassignRole(core, caller, 'admin', disabled.id)), 'done');
    assert.equal(await outcomeOf(deleteUser(core, caller, disabled.id)), 'done');
  });

  test('the last administrator may be changed in all other ways', async () => {
    const { core } = world();
    const last = await world().addUser({}, 'admin');
    const caller = await world().as(last);
    const changes = { password: 'New-pass2', email: 'a@example.com', passwordChangeRequired: true };
    assert.equal(await outcomeOf(changeUser(core, caller, last.id, changes)), 'done');
  });

  test('of ten administrators who all leave at once, one stays', async () => {
    const { core } = world();
    const callers: Caller[] = [];
    for (let count = 0; count < 10; count += 1)
      callers.push(await world().as(await world().addUser({}, 'admin')));
    const outcomes = await Promise.all(
      callers.map((caller) => outcomeOf(unassignRole(core, caller, 'admin', caller.principal.userId))),
    );
    const left = await administratorsOf(core);
    assert.equal(left.length, outcomes.filter((outcome) => outcome === 'conflict').length);
    assert.notEqual(left.length, 0);
  });
});
