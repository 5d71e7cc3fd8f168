/** Users as records. On both engines. @module */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { DomainId, UserId } from '../../src/domain/ids.ts';
import type { User } from '../../src/domain/user.ts';
import { assign, rolesOf } from '../../src/store/assignments.ts';
import { type Database, DuplicateRow, WriteConflict } from '../../src/store/database.ts';
import { insertDomain } from '../../src/store/domains.ts';
import { insertRole } from '../../src/store/roles.ts';
import { findSession, insertSession } from '../../src/store/sessions.ts';
import type { UserFilter } from '../../src/store/user-filter.ts';
import {
  changeKnownUser,
  changeUser,
  deleteUser,
  findUser,
  findUserByName,
  insertPasswordHistory,
  insertUser,
  listUsers,
  passwordHistory,
  updateUser,
} from '../../src/store/users.ts';
import { onBothEngines } from './engines.ts';
import { aDomain, aRole, aSession, aUser, rootDomain, startMs } from './records.ts';

const everybody: UserFilter = {
  domainId: null,
  name: null,
  username: null,
  email: null,
  inAllRoles: [],
  inNoRoles: [],
  roleDomainId: rootDomain.id,
  accountExpired: null,
  allowedAuthMethods: null,
  allowedClientTypes: null,
  passwordPolicy: null,
  sort: { by: 'username', order: 'asc' },
  nowMs: startMs,
  skip: 0,
  limit: 1000,
};

async function inNewDomain(db: Database, changes: readonly Partial<User>[]): Promise<[DomainId, User[]]> {
  const domain = aDomain();
  const users = changes.map((each) => aUser({ domainId: domain.id, ...each }));
  await db.write([insertDomain(db, domain), ...users.map((user) => insertUser(db, user))]);
  return [domain.id, users];
}

async function names(db: Database, filter: Partial<UserFilter>): Promise<string[]> {
  const { rows, total } = await listUsers(db, { ...everybody, ...filter });
  assert.equal(total, rows.length);
  return rows.map(({ username }) => username);
}

onBothEngines('users', (store) => {
  test('are read as they were written', async () => {
    const { db } = store;
    const user = aUser({
      enabled: false,
      email: 'Ada@example.com',
      name: 'Ada',
      fullName: 'Ada L.',
      nickname: 'a',
      passwordHash: '$argon2id$…',
      passwordChangedAtMs: 1,
      passwordChangeRequired: true,
      passwordPolicy: 'strict',
      allowedAuthMethods: [],
      allowedClientTypes: ['public'],
      preventUiLogin: true,
      isDomainUser: true,
      certificateSubjectDn: 'CN=ada',
      expiresAtMs: 2,
      appMetadata: { a: [1, null, { b: 'ü' }] },
      userMetadata: { c: true },
      failedLoginsCount: 3,
      failedLoginsInitialAttemptAtMs: 4,
      lastFailedLoginAtMs: 5,
      accountLockoutAtMs: 6,
      lockedUntilMs: 7,
      loginsCount: 8,
      lastLoginAtMs: 9,
    });
    await db.write([insertUser(db, user)]);
    assert.deepEqual(await findUser(db, user.id), user);
    const changed = { ...aUser({ id: user.id, username: user.username }), version: 1 };
    await db.write([updateUser(db, changed)]);
    assert.deepEqual(await findUser(db, user.id), { ...changed, version: 2 });
    assert.equal(await findUser(db, randomUUID() as UserId), null);
  });

  test('are found by name without regard to case or composition, in their domain and connection only', async () => {
    const { db } = store;
    const [domainId, [user]] = await inNewDomain(db, [{ username: 'Zoë.Straße' }]);
    const find = (username: string, account = {}) =>
      findUserByName(db, { domainId, connection: 'local', username, ...account });
    assert.deepEqual(await find('Zoë.Straße'), user);
    assert.deepEqual(await find('ZOË.straße'), user);
    assert.deepEqual(await find('zoë.straße'.normalize('NFD')), user);
    assert.equal(await find('zoe.strasse'), null);
    assert.equal(await find('Zoë.Straße', { connection: 'ldap' }), null);
    assert.equal(await find('Zoë.Straße', { domainId: rootDomain.id }), null);
    assert.equal(await find('Zo\0'), null);
  });

  test('have a name of their own in a domain and connection', async () => {
    const { db } = store;
    const [domainId, [user]] = await inNewDomain(db, [{ username: 'Ada' }]);
    assert.ok(user);
    await assert.rejects(db.write([insertUser(db, aUser({ domainId, username: 'aDA' }))]), DuplicateRow);
    await db.write([insertUser(db, aUser({ domainId, username: 'ada', connection: 'ldap' }))]);
    await inNewDomain(db, [{ username: 'ada' }]);
  });

  test('of whom an older version was read are not overwritten', async () => {
    const { db } = store;
    const [, [user]] = await inNewDomain(db, [{}]);
    assert.ok(user);
    await db.write([updateUser(db, { ...user, name: 'first' })]);
    await assert.rejects(db.write([updateUser(db, { ...user, name: 'second' })]), WriteConflict);
    assert.equal((await findUser(db, user.id))?.name, 'first');
  });

  test('changed by twenty at once lose no change', async () => {
    const { db } = store;
    const [, [user]] = await inNewDomain(db, [{}]);
    assert.ok(user);
    const counts = await Promise.all(
      Array.from({ length: 20 }, () =>
        changeUser(db, user.id, async (read) => {
          const failedLoginsCount = read.failedLoginsCount + 1;
          return { user: { ...read, failedLoginsCount }, result: failedLoginsCount };
        }),
      ),
    );
    assert.deepEqual(
      counts.map(Number).sort((a, b) => a - b),
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    assert.equal((await findUser(db, user.id))?.failedLoginsCount, 20);
  });

  test('are changed in whatever the decision changed, one field or all of them, and in no other', async () => {
    const { db } = store;
    const [, [user]] = await inNewDomain(db, [{}]);
    assert.ok(user);
    const change = async (changes: Partial<User>): Promise<void> => {
      const before = await findUser(db, user.id);
      await changeUser(db, user.id, (read) => ({ user: { ...read, ...changes }, result: null }));
      const after = await findUser(db, user.id);
      assert.ok(before && after);
      assert.deepEqual(after, { ...before, ...changes, version: before.version + 1 });
    };
    const other = aUser({ username: 'Other', email: 'Other@example.com', name: 'Other', orgName: 'Org' });
    for (const [name, value] of Object.entries(other))
      if (!['id', 'version', 'domainId'].includes(name)) await change({ [name]: value });
    const { id: _id, version: _version, domainId: _domain, ...fields } = aUser({ userMetadata: { a: 'b' } });
    await change(fields);
    await change({});
    await change({ loginsCount: 7, lastLoginAtMs: 9 });
    assert.equal((await findUserByName(db, { ...user, username: fields.username }))?.id, user.id);
  });

  test('known as they are no longer are read and decided on again, and nothing of the first decision stays', async () => {
    const { db } = store;
    const [, [user, other]] = await inNewDomain(db, [{}, {}]);
    assert.ok(user && other);
    const decide = async (read: User) => {
      const writes = insertPasswordHistory(db, read.id, `${read.nickname} ${read.loginsCount}`, 1, 5);
      return { user: { ...read, loginsCount: read.loginsCount + 1 }, writes, result: read.nickname };
    };
    assert.equal(await changeKnownUser(db, user, decide), null, 'known as they are');
    await changeUser(db, user.id, (read) => ({ user: { ...read, nickname: 'Ada' }, result: null }));
    assert.equal(await changeKnownUser(db, user, decide), 'Ada');
    assert.deepEqual(await passwordHistory(db, user.id, 5), ['Ada 1', 'null 0']);
    assert.equal((await findUser(db, user.id))?.loginsCount, 2);
    const losers = Array.from({ length: 5 }, () => changeKnownUser(db, other, decide));
    await Promise.all(losers);
    assert.equal((await findUser(db, other.id))?.loginsCount, 5);
    await db.write(deleteUser(db, user.id));
    assert.equal(await changeKnownUser(db, user, decide), null);
  });

  test('that are not there cannot be changed; who decides on no change changes none', async () => {
    const { db } = store;
    const nobody = () => assert.fail('there is nobody to decide on');
    assert.equal(await changeUser(db, randomUUID() as UserId, nobody), null);
    const [, [user]] = await inNewDomain(db, [{}]);
    assert.ok(user);
    assert.equal(await changeUser(db, user.id, () => ({ user: null, result: 'seen' })), 'seen');
    assert.equal((await findUser(db, user.id))?.version, 1);
  });

  test('take all that is theirs with them', async () => {
    const { db } = store;
    const [, [user]] = await inNewDomain(db, [{}]);
    assert.ok(user);
    const role = aRole();
    const session = aSession(user.id);
    const everywhere = { domainId: null, tenantId: null };
    await db.write([
      insertRole(db, role),
      assign(db, { userId: user.id, roleId: role.id, ...everywhere }),
      insertSession(db, session),
      ...insertPasswordHistory(db, user.id, 'hash', startMs, 5),
    ]);
    await db.write(deleteUser(db, user.id));
    assert.equal(await findUser(db, user.id), null);
    assert.equal(await findSession(db, session.id), null);
    assert.deepEqual(await rolesOf(db, user.id, everywhere), []);
    assert.deepEqual(await passwordHistory(db, user.id, 5), []);
    await assert.rejects(db.write(deleteUser(db, user.id)), WriteConflict);
  });

  test('have their newest passwords remembered, newest first, and no more than are to be kept', async () => {
    const { db } = store;
    const [, [user, other]] = await inNewDomain(db, [{}, {}]);
    assert.ok(user && other);
    await db.write(insertPasswordHistory(db, other.id, 'other', 0, 1));
    for (const at of [1, 2, 3, 4]) await db.write(insertPasswordHistory(db, user.id, `hash ${at}`, at, 3));
    assert.deepEqual(await passwordHistory(db, user.id, 10), ['hash 4', 'hash 3', 'hash 2']);
    assert.deepEqual(await passwordHistory(db, user.id, 2), ['hash 4', 'hash 3']);
    await db.write(insertPasswordHistory(db, user.id, 'hash 5', 5, 0));
    assert.deepEqual(await passwordHistory(db, user.id, 10), []);
    assert.deepEqual(await passwordHistory(db, other.id, 10), ['other']);
  });

  test('are listed in pages that add up, sorted the same on both engines', async () => {
    const { db } = store;
    const usernames = ['b', 'A', 'ä', 'Z', 'a_1', 'a-1'];
    const [domainId] = await inNewDomain(
      db,
      usernames.map((username) => ({ username })),
    );
    const sorted = ['A', 'a-1', 'a_1', 'b', 'Z', 'ä'];
    assert.deepEqual(await names(db, { domainId }), sorted);
    const sort = { by: 'username', order: 'desc' } as const;
    assert.deepEqual(await names(db, { domainId, sort }), sorted.toReversed());
    const page = async (skip: number) => {
      const { rows, total } = await listUsers(db, { ...everybody, domainId, skip, limit: 4 });
      assert.equal(total, 6);
      return rows.map(({ username }) => username);
    };
    assert.deepEqual([...(await page(0)), ...(await page(4))], sorted);
  });

  test('without what they are sorted by come first, and last in the other direction', async () => {
    const { db } = store;
    const [domainId] = await inNewDomain(db, [
      { username: 'late', lastLoginAtMs: 9 },
      { username: 'never', lastLoginAtMs: null },
      { username: 'early', lastLoginAtMs: 1 },
    ]);
    const by = 'last_login';
    assert.deepEqual(await names(db, { domainId, sort: { by, order: 'asc' } }), ['never', 'early', 'late']);
    assert.deepEqual(await names(db, { domainId, sort: { by, order: 'desc' } }), ['late', 'early', 'never']);
  });

  test('are listed by each filter', async () => {
    const { db } = store;
    const [domainId] = await inNewDomain(db, [
      { username: 'ada', name: 'Ada', email: 'Ada@Example.com', expiresAtMs: startMs },
      { username: 'bob', name: 'ada', passwordPolicy: 'strict', allowedClientTypes: ['public'] },
      { username: 'cleo', expiresAtMs: startMs + 1, allowedAuthMethods: ['password', 'user_certificate'] },
    ]);
    const listed = (filter: Partial<UserFilter>) => names(db, { domainId, ...filter });
    assert.deepEqual(await listed({ username: 'ADA' }), ['ada']);
    assert.deepEqual(await listed({ name: 'ADA' }), ['ada', 'bob']);
    assert.deepEqual(await listed({ email: 'ada@example.COM' }), ['ada']);
    assert.deepEqual(await listed({ accountExpired: true }), ['ada']);
    assert.deepEqual(await listed({ accountExpired: false }), ['bob', 'cleo']);
    assert.deepEqual(await listed({ passwordPolicy: 'strict' }), ['bob']);
    assert.deepEqual(await listed({ allowedAuthMethods: ['user_certificate', 'password'] }), ['cleo']);
    assert.deepEqual(await listed({ allowedAuthMethods: ['password'] }), ['ada', 'bob', 'cleo']);
    assert.deepEqual(await listed({ allowedClientTypes: ['public', 'confidential'] }), ['ada', 'cleo']);
    assert.deepEqual(await listed({ username: '%' }), []);
    assert.deepEqual(await names(db, { domainId: rootDomain.id, username: 'ada' }), []);
  });

  test('are listed by the roles they all hold, or hold none of', async () => {
    const { db } = store;
    const [domainId, users] = await inNewDomain(
      db,
      ['ada', 'bob', 'cleo'].map((username) => ({ username })),
    );
    const [ada, bob] = users;
    assert.ok(ada && bob);
    const [readers, writers] = [aRole(), aRole({ domainId })];
    const give = (user: User, role: typeof readers, where: DomainId | null) =>
      assign(db, { userId: user.id, roleId: role.id, domainId: where, tenantId: null });
    await db.write([
      insertRole(db, readers),
      insertRole(db, writers),
      give(ada, readers, null),
      give(ada, writers, domainId),
      give(bob, readers, rootDomain.id),
    ]);
    const listed = (filter: Partial<UserFilter>) =>
      names(db, { domainId, roleDomainId: domainId, ...filter });
    assert.deepEqual(await listed({ inAllRoles: [readers.name] }), ['ada']);
    assert.deepEqual(await listed({ inAllRoles: [readers.name, writers.name] }), ['ada']);
    assert.deepEqual(await listed({ inNoRoles: [readers.name] }), ['bob', 'cleo']);
    assert.deepEqual(await listed({ inAllRoles: ['unknown'] }), []);
    assert.deepEqual(await listed({ inAllRoles: [readers.name], roleDomainId: rootDomain.id }), [
      'ada',
      'bob',
    ]);
    assert.deepEqual(await listed({ inAllRoles: [writers.name], roleDomainId: rootDomain.id }), []);
  });
});
