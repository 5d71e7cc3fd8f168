/** Who may do what: every operation by every kind of caller. @module */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { UserId } from '../../src/domain/ids.ts';
import type { User } from '../../src/domain/user.ts';
import type { Caller, Core } from '../../src/operations/core.ts';
import { assignRole, unassignRole } from '../../src/operations/manage-assignments.ts';
import { createDomain, listDomains, listOwnDomains } from '../../src/operations/manage-domains.ts';
import { changeOwnUser, getOwnUser } from '../../src/operations/manage-own-user.ts';
import {
  changePolicy,
  createPolicy,
  deletePolicy,
  getPolicy,
  listPolicies,
} from '../../src/operations/manage-password-policies.ts';
import { changeRole, createRole, deleteRole, getRole, listRoles } from '../../src/operations/manage-roles.ts';
import { changeUser, deleteUser } from '../../src/operations/manage-user-changes.ts';
import { createUser, getUser, listUsers, type UserQuery } from '../../src/operations/manage-users.ts';
import { firstPassword, forEachDatabase, outcomeOf, outcomesOf, type World } from './manage-fixture.ts';

const everyUser: UserQuery = {
  name: null,
  username: null,
  email: null,
  inAllRoles: [],
  inNoRoles: [],
  domain: null,
  accountExpired: null,
  allowedAuthMethods: null,
  allowedClientTypes: null,
  passwordPolicy: null,
  sort: { by: 'username', order: 'asc' },
  roles: 'include',
  skip: 0,
  limit: 10,
};
const range = { skip: 0, limit: 10 };

/** What the attempts are made on, all at home in the root domain; new for each. */
interface Target {
  readonly user: User;
  readonly role: string;
  readonly policy: string;
}

type Attempt = (core: Core, caller: Caller, target: Target) => Promise<unknown>;
type Outcome = 'done' | 'forbidden' | 'not_found';

const callers = ['admin', 'User Admins', 'plain user', 'admin of another domain'] as const;

const fresh = (what: string) => `${what} ${randomUUID()}`;

/** One row per operation; outcomes in the order of {@link callers}. */
const matrix: readonly (readonly [name: string, attempt: Attempt, outcomes: readonly Outcome[]])[] = [
  [
    'createUser',
    (core, caller) => createUser(core, caller, { username: fresh('new'), password: firstPassword }),
    ['done', 'done', 'forbidden', 'done'],
  ],
  ['listUsers', (core, caller) => listUsers(core, caller, everyUser), ['done', 'done', 'forbidden', 'done']],
  [
    'getUser',
    (core, caller, { user }) => getUser(core, caller, user.id),
    ['done', 'done', 'forbidden', 'not_found'],
  ],
  [
    'changeUser',
    (core, caller, { user }) => changeUser(core, caller, user.id, { nickname: 'Bo' }),
    ['done', 'done', 'forbidden', 'not_found'],
  ],
  [
    'deleteUser',
    (core, caller, { user }) => deleteUser(core, caller, user.id),
    ['done', 'done', 'forbidden', 'not_found'],
  ],
  ['getOwnUser', (core, caller) => getOwnUser(core, caller), ['done', 'done', 'done', 'done']],
  [
    'changeOwnUser',
    (core, caller) => changeOwnUser(core, caller, { nickname: 'Me' }),
    ['done', 'done', 'done', 'done'],
  ],
  [
    'createRole',
    (core, caller) => createRole(core, caller, { name: fresh('role') }),
    ['done', 'forbidden', 'forbidden', 'done'],
  ],
  [
    'listRoles',
    (core, caller) => listRoles(core, caller, { name: null, userId: null, ...range }),
    ['done', 'done', 'forbidden', 'done'],
  ],
  [
    'getRole',
    (core, caller, { role }) => getRole(core, caller, role),
    ['done', 'done', 'forbidden', 'not_found'],
  ],
  [
    'changeRole',
    (core, caller, { role }) => changeRole(core, caller, role, { description: 'x' }),
    ['done', 'forbidden', 'forbidden', 'not_found'],
  ],
  [
    'deleteRole',
    (core, caller, { role }) => deleteRole(core, caller, role),
    ['done', 'forbidden', 'forbidden', 'not_found'],
  ],
  [
    'assignRole',
    (core, caller, { role, user }) => assignRole(core, caller, role, user.id),
    ['done', 'done', 'forbidden', 'not_found'],
  ],
  [
    'unassignRole',
    (core, caller, { user }) => unassignRole(core, caller, 'Key Users', user.id),
    ['done', 'done', 'forbidden', 'not_found'],
  ],
  [
    'createPolicy',
    (core, caller) => createPolicy(core, caller, { name: fresh('policy') }),
    ['done', 'forbidden', 'forbidden', 'forbidden'],
  ],
  [
    'listPolicies',
    (core, caller) => listPolicies(core, caller, range),
    ['done', 'done', 'forbidden', 'done'],
  ],
  [
    'getPolicy',
    (core, caller, { policy }) => getPolicy(core, caller, policy),
    ['done', 'done', 'forbidden', 'done'],
  ],
  [
    'changePolicy',
    (core, caller, { policy }) => changePolicy(core, caller, policy, { minDigits: 2 }),
    ['done', 'forbidden', 'forbidden', 'forbidden'],
  ],
  [
    'deletePolicy',
    (core, caller, { policy }) => deletePolicy(core, caller, policy),
    ['done', 'forbidden', 'forbidden', 'forbidden'],
  ],
  [
    'createDomain',
    (core, caller, { user }) => createDomain(core, caller, { name: fresh('new'), admins: [user.id] }),
    ['done', 'forbidden', 'forbidden', 'forbidden'],
  ],
  [
    'listDomains',
    (core, caller) => listDomains(core, caller, range),
    ['done', 'forbidden', 'forbidden', 'done'],
  ],
  ['listOwnDomains', (core, caller) => listOwnDomains(core, caller, range), ['done', 'done', 'done', 'done']],
];

async function makeCallers(world: World): Promise<Record<(typeof callers)[number], Caller>> {
  const domain = await world.addDomain();
  const there = await world.addUser({ domainId: domain.id }, 'admin');
  return {
    admin: await world.as(await world.addUser({}, 'admin')),
    'User Admins': await world.as(await world.addUser({}, 'User Admins')),
    'plain user': await world.as(await world.addUser({}, 'Key Users')),
    'admin of another domain': await world.as(there),
  };
}

async function makeTarget(world: World): Promise<Target> {
  const admin = await world.as(await world.addUser({}, 'admin'));
  const user = await world.addUser({}, 'Key Users');
  const role = await createRole(world.core, admin, { name: fresh('role') });
  const policy = await createPolicy(world.core, admin, { name: fresh('policy') });
  return { user, role: role.name, policy: policy.name };
}

forEachDatabase((world) => {
  for (const [name, attempt, outcomes] of matrix)
    test(`${name} is for whom it is meant, and a refused attempt writes nothing`, async () => {
      const all = await makeCallers(world());
      for (const [index, who] of callers.entries()) {
        const target = await makeTarget(world());
        const before = await world().countAudit();
        const outcome = await outcomeOf(attempt(world().core, all[who], target));
        assert.equal(outcome, outcomes[index], who);
        if (outcome !== 'done') assert.equal(await world().countAudit(), before, who);
      }
    });

  test('a token of a sign-in that lacks its second factor manages nothing', async () => {
    const { admin } = await makeCallers(world());
    const minimal: Caller = { ...admin, principal: { ...admin.principal, tokenKind: 'minimal' } };
    for (const [name, attempt] of matrix)
      assert.equal(
        await outcomeOf(attempt(world().core, minimal, await makeTarget(world()))),
        'forbidden',
        name,
      );
  });

  test('unknown and invisible users are told apart by nobody', async () => {
    const { admin, 'admin of another domain': stranger } = await makeCallers(world());
    const { user } = await makeTarget(world());
    const messages = await Promise.all(
      [user.id, randomUUID() as UserId].map((id) => messageOf(getUser(world().core, stranger, id))),
    );
    assert.equal(messages[0], messages[1]);
    assert.equal(await outcomeOf(getUser(world().core, admin, user.id)), 'done');
  });

  test('a list holds only what the caller may see', async () => {
    const all = await makeCallers(world());
    const stranger = all['admin of another domain'];
    const { core } = world();
    const theirs = await listUsers(core, stranger, everyUser);
    assert.deepEqual(
      theirs.rows.map((row) => row.id),
      [stranger.principal.userId],
    );
    const [own] = theirs.rows;
    assert.deepEqual(own?.roles, ['admin']);
    assert.equal(own?.domainName, stranger.principal.domainName);
    const byOperator = await listUsers(core, all.admin, {
      ...everyUser,
      domain: stranger.principal.domainName,
    });
    assert.deepEqual(byOperator, { rows: theirs.rows.map((row) => ({ ...row, roles: [] })), total: 1 });
    for (const domain of ['root', 'nowhere'])
      assert.equal(await outcomeOf(listUsers(core, stranger, { ...everyUser, domain })), 'forbidden');
    const domains = await listDomains(core, stranger, range);
    assert.deepEqual(
      domains.rows.map((row) => row.id),
      [stranger.principal.domainId],
    );
  });

  test('no answer holds a password hash', async () => {
    const { admin } = await makeCallers(world());
    const { user } = await makeTarget(world());
    const page = await listUsers(world().core, admin, { ...everyUser, limit: 2000 });
    const answers = [
      page,
      await getUser(world().core, admin, user.id),
      await getOwnUser(world().core, admin),
    ];
    assert.doesNotMatch(JSON.stringify(answers), /argon2|passwordHash/);
  });

  test('a domain that leaves its users to the operators has none managed by its own administrators', async () => {
    const domain = await world().addDomain({ allowUserManagement: false });
    const admin = await world().as(await world().addUser({ domainId: domain.id }, 'admin'));
    const user = await world().addUser({ domainId: domain.id });
    const { core } = world();
    const attempts = [
      createUser(core, admin, { username: fresh('new'), password: firstPassword }),
      changeUser(core, admin, user.id, { nickname: 'Bo' }),
      deleteUser(core, admin, user.id),
    ];
    for (const outcome of await outcomesOf(attempts)) assert.equal(outcome, 'forbidden');
    assert.equal(await outcomeOf(assignRole(core, admin, 'Key Users', user.id)), 'done');
    const { admin: operator } = await makeCallers(world());
    assert.equal(await outcomeOf(changeUser(core, operator, user.id, { nickname: 'Bo' })), 'done');
  });
});

async function messageOf(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return String(error);
}
