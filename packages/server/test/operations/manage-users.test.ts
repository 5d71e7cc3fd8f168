/** Accounts as administrators make, change and delete them. @module */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { rootDomainId, type SessionId, type UserId } from '../../src/domain/ids.ts';
import { countFailure } from '../../src/domain/lockout.ts';
import { defaultPolicy } from '../../src/domain/password-policy.ts';
import { ProblemError } from '../../src/domain/problem.ts';
import type { Session, SessionPurpose } from '../../src/domain/session.ts';
import { assignRole } from '../../src/operations/manage-assignments.ts';
import { changeOwnUser, getOwnUser } from '../../src/operations/manage-own-user.ts';
import { createPolicy } from '../../src/operations/manage-password-policies.ts';
import { changeUser, deleteUser } from '../../src/operations/manage-user-changes.ts';
import { createUser, getUser } from '../../src/operations/manage-users.ts';
import { listAudit } from '../../src/store/audit.ts';
import { findSession, insertSession } from '../../src/store/sessions.ts';
import { changeUser as changeRow, findUser, passwordHistory } from '../../src/store/users.ts';
import { firstPassword, forEachDatabase, outcomeOf, startMs, type World } from './manage-fixture.ts';

const aMinute = 60_000;

function sessionOf(userId: UserId, purpose: SessionPurpose, id: string = randomUUID()): Session {
  return {
    id: id as SessionId,
    userId,
    domainId: rootDomainId,
    tenantId: null,
    kind: 'refresh',
    face: 'test',
    purpose,
    tokenKind: 'standard',
    rotation: 'on-request',
    generation: 1,
    macKey: 1,
    salt: 'AAAAAAAAAAAAAAAAAAAAAA',
    labels: [],
    lifetimes: { absoluteSeconds: null, idleSeconds: null },
    authenticatedAtMs: startMs,
    issuedAtMs: startMs,
    usedAtMs: null,
    createdAtMs: startMs,
    refreshedAtMs: null,
    amr: ['pwd'],
    createdFrom: '192.0.2.1',
    client: null,
    usedFrom: null,
    endedAtMs: null,
    endReason: null,
  };
}

async function operator(world: World) {
  return world.as(await world.addUser({}, 'admin'));
}

const aName = () => `u-${randomUUID()}`;

/** The field that an attempt is refused for, and what is said about it. */
async function faultOf(attempt: Promise<unknown>): Promise<{ field: string | undefined; message: string }> {
  const error: unknown = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProblemError)) throw new Error('nothing was refused', { cause: error });
  assert.equal(error.problem.kind, 'invalid_value');
  return { field: error.problem.field, message: error.problem.message ?? '' };
}

forEachDatabase((world) => {
  test('a new user has what was given, the defaults for the rest, and an audit entry', async () => {
    const { core } = world();
    const caller = await operator(world());
    const username = aName();
    const given = {
      email: 'ada@example.com',
      userMetadata: { team: ['a', 1, null] },
      expiresAtMs: startMs + aMinute,
      allowedClientTypes: ['public', 'public'] as const,
    };
    const user = await createUser(core, caller, { username, password: firstPassword, ...given });
    assert.deepEqual(await getUser(core, caller, user.id), user);
    assert.equal(user.domainId, rootDomainId);
    assert.equal(user.email, given.email);
    assert.deepEqual(user.userMetadata, given.userMetadata);
    assert.deepEqual(user.allowedClientTypes, ['public']);
    assert.deepEqual(user.allowedAuthMethods, ['password']);
    assert.equal(user.passwordChangedAtMs, core.clock());
    const stored = await findUser(core.database, user.id);
    assert.equal(await core.passwords.verify(stored?.passwordHash ?? null, firstPassword), true);
    const { rows } = await listAudit(core.database, { action: null, target: user.id, skip: 0, limit: 10 });
    assert.deepEqual(
      rows.map(({ action, actorId, requestId }) => ({ action, actorId, requestId })),
      [{ action: 'user_created', actorId: caller.principal.userId, requestId: caller.origin.requestId }],
    );
  });

  test('a name is taken without regard to case, in its own domain only', async () => {
    const { core } = world();
    const caller = await operator(world());
    const domain = await world().addDomain();
    const elsewhere = await world().as(await world().addUser({ domainId: domain.id }, 'admin'));
    const username = aName();
    const fields = { username, password: firstPassword };
    await createUser(core, caller, fields);
    const shouted = { username: username.toUpperCase(), password: firstPassword };
    assert.equal(await outcomeOf(createUser(core, caller, shouted)), 'conflict');
    assert.equal(await outcomeOf(createUser(core, elsewhere, fields)), 'done');
  });

  test('of ten who take one name at once, one has it and nine are told it is taken', async () => {
    const { core } = world();
    const caller = await operator(world());
    const username = aName();
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () =>
        outcomeOf(createUser(core, caller, { username, password: firstPassword })),
      ),
    );
    assert.deepEqual(outcomes.toSorted(), [...Array(9).fill('conflict'), 'done']);
  });

  test('names that confuse are refused, with the field and the cure', async () => {
    const { core } = world();
    const caller = await operator(world());
    const names = [
      '',
      ' ',
      ' a',
      'a ',
      'a/b',
      'a|b',
      'a\\b',
      'a<b',
      'a>b',
      'global',
      'GLOBAL',
      'a\nb',
      'a\u0000b',
    ];
    const more = ['a\u200bb', 'a\u202eb', 'e\u0301', '\ud800', 'x'.repeat(129)];
    for (const username of [...names, ...more]) {
      const fault = await faultOf(createUser(core, caller, { username, password: firstPassword }));
      assert.equal(fault.field, 'username');
      assert.match(fault.message, /\S \S.*\.$/);
    }
    for (const username of [`${randomUUID()} é 用户`, `${'y'.repeat(92)}${randomUUID()}`])
      assert.equal(await outcomeOf(createUser(core, caller, { username, password: firstPassword })), 'done');
  });

  test('every other field at fault is named', async () => {
    const { core } = world();
    const caller = await operator(world());
    const user = await world().addUser();
    let deep = {};
    for (let level = 0; level < 9; level += 1) deep = { deep };
    const faults = {
      email: ['nobody', 'a@b@c', 'a b@c', `${'a'.repeat(250)}@b.cd`],
      name: ['a\u0007', 'x'.repeat(257)],
      fullName: ['a\nb'],
      nickname: ['\ud800'],
      certificateSubjectDn: ['x'.repeat(1025)],
      expiresAtMs: [-1, 1.5, Number.NaN, 1e300],
      appMetadata: [deep, { text: 'x'.repeat(16_384) }],
      userMetadata: [deep],
      passwordPolicy: ['no-such-policy'],
      failedLoginsCount: [1, -1],
      password: ['short', 'alllowercase1!', 'x'.repeat(129), 'Half-\ud800-character1'],
    };
    for (const [field, values] of Object.entries(faults))
      for (const value of values) {
        const fault = await faultOf(changeUser(core, caller, user.id, { [field]: value }));
        assert.equal(fault.field, field);
        assert.equal(fault.message.includes(String(value)), false, 'a refused value is not repeated');
      }
    assert.deepEqual(await findUser(core.database, user.id), user);
  });

  test('a user without a password is made only where no password sign-in is allowed', async () => {
    const { core } = world();
    const caller = await operator(world());
    const without = { username: aName(), password: null };
    assert.equal(await outcomeOf(createUser(core, caller, without)), 'malformed');
    const fields = { ...without, allowedAuthMethods: ['user_certificate'] as const };
    assert.equal(await outcomeOf(createUser(core, caller, fields)), 'done');
    const external = { username: aName(), password: firstPassword, connection: 'ldap' };
    assert.equal((await faultOf(createUser(core, caller, external))).field, 'connection');
  });

  test('only fields that are given change, and null clears', async () => {
    const { core } = world();
    const caller = await operator(world());
    const user = await world().addUser({ email: 'a@example.com', name: 'Ada', userMetadata: { a: 1, b: 2 } });
    world().pass(aMinute);
    await changeUser(core, caller, user.id, { email: null, userMetadata: { c: 3 } });
    assert.deepEqual(await findUser(core.database, user.id), {
      ...user,
      email: null,
      userMetadata: { c: 3 },
      version: user.version + 1,
      updatedAtMs: core.clock(),
    });
    const audits = await world().countAudit();
    await changeUser(core, caller, user.id, {});
    assert.equal(await world().countAudit(), audits, 'nothing to change, nothing written');
  });

  test('ten changes of different fields at once all arrive', async () => {
    const { core } = world();
    const caller = await operator(world());
    const user = await world().addUser();
    const changes = [{ name: 'n' }, { nickname: 'k' }, { fullName: 'f' }, { email: 'e@example.com' }];
    const outcomes = await Promise.all(
      changes.map((change) => outcomeOf(changeUser(core, caller, user.id, change))),
    );
    assert.deepEqual(new Set(outcomes), new Set(['done']));
    const changed = await findUser(core.database, user.id);
    assert.deepEqual(changed, { ...changed, ...Object.assign({}, ...changes) });
  });

  test('zero unlocks an account', async () => {
    const { core } = world();
    const caller = await operator(world());
    const user = await world().addUser();
    const policy = {
      ...defaultPolicy,
      lockoutThresholdsMinutes: [30],
      name: '',
      createdAtMs: 0,
      updatedAtMs: 0,
    };
    await changeRow(core.database, user.id, (locked) => ({
      user: countFailure(locked, policy, core.clock()),
      result: null,
    }));
    assert.notEqual((await getUser(core, caller, user.id)).lockedUntilMs, null);
    const unlocked = await changeUser(core, caller, user.id, { failedLoginsCount: 0 });
    assert.equal(unlocked.lockedUntilMs, null);
    assert.equal(unlocked.failedLoginsCount, 0);
  });

  test('a reset obeys policy and history, and tells nobody which earlier password it was', async () => {
    const { core } = world();
    const caller = await operator(world());
    const user = await world().addUser();
    const reset = (password: string) => {
      world().pass(1);
      return changeUser(core, caller, user.id, { password });
    };
    const again = await faultOf(reset(firstPassword));
    assert.deepEqual(again, { field: 'password', message: 'was used before; choose another one.' });
    const later = ['Second-pass2', 'Third-pass3', 'Fourth-pass4', 'Fifth-pass5', 'Sixth-pass6'];
    for (const password of later) assert.equal(await outcomeOf(reset(password)), 'done');
    for (const password of [firstPassword, ...later])
      assert.equal(await outcomeOf(reset(password)), 'invalid_value', password);
    assert.equal(await outcomeOf(reset('Seventh-pass7')), 'done');
    assert.equal(await outcomeOf(reset(firstPassword)), 'done', 'six changes ago is forgotten');
    const kept = await passwordHistory(core.database, user.id, 100);
    assert.equal(kept.length, later.length + 2);
  });

  test('the user’s own policy counts, from the very change that gives it', async () => {
    const { core } = world();
    const caller = await operator(world());
    const user = await world().addUser();
    const { name } = await createPolicy(core, caller, { name: `long ${randomUUID()}`, minTotalLength: 20 });
    const short = changeUser(core, caller, user.id, { password: 'New-pass2', passwordPolicy: name });
    assert.equal((await faultOf(short)).field, 'password');
    const long = { password: 'A-much-longer-password-2', passwordPolicy: name };
    assert.equal((await changeUser(core, caller, user.id, long)).passwordPolicy, name);
    assert.equal(
      (await faultOf(changeUser(core, caller, user.id, { password: 'New-pass2' }))).field,
      'password',
    );
    const created = { username: aName(), password: 'New-pass2', passwordPolicy: name };
    assert.equal((await faultOf(createUser(core, caller, created))).field, 'password');
  });

  test('a reset ends what the user signed in to, and leaves what applications were given', async () => {
    const { core } = world();
    const user = await world().addUser({}, 'admin');
    const caller = await world().as(user);
    const sessions = {
      own: sessionOf(user.id, 'interactive', caller.principal.sessionId),
      other: sessionOf(user.id, 'interactive'),
      application: sessionOf(user.id, 'application'),
    };
    await core.database.write(
      Object.values(sessions).map((session) => insertSession(core.database, session)),
    );
    await changeUser(core, caller, user.id, { password: 'New-pass2' });
    const reasons = await Promise.all(
      Object.values(sessions).map(
        async ({ id }) => (await findSession(core.database, id))?.endReason ?? null,
      ),
    );
    assert.deepEqual(reasons, [null, 'password_changed', null]);
  });

  test('deleting ends everything, and a second time there is nothing', async () => {
    const { core } = world();
    const caller = await operator(world());
    const user = await world().addUser();
    const session = sessionOf(user.id, 'application');
    await core.database.write([insertSession(core.database, session)]);
    await assignRole(core, caller, 'Key Users', user.id);
    await deleteUser(core, caller, user.id);
    assert.equal(await findUser(core.database, user.id), null);
    assert.notEqual((await findSession(core.database, session.id))?.endedAtMs, null);
    assert.equal(await core.database.findHeldSession(session.id), null);
    assert.equal(await outcomeOf(deleteUser(core, caller, user.id)), 'not_found');
    assert.equal(await outcomeOf(assignRole(core, caller, 'Key Users', user.id)), 'not_found');
  });

  test('a role given while its user is deleted is not left behind', async () => {
    const { core } = world();
    const caller = await operator(world());
    const user = await world().addUser();
    const outcomes = await Promise.all([
      outcomeOf(deleteUser(core, caller, user.id)),
      outcomeOf(assignRole(core, caller, 'Key Users', user.id)),
    ]);
    assert.equal(outcomes[0], 'done');
    const left = core.database.queries
      .selectFrom('assignments')
      .select('role_id')
      .where('user_id', '=', user.id);
    assert.deepEqual(await core.database.read(left), []);
  });

  test('users see themselves and change what is theirs, with an audit entry', async () => {
    const { core } = world();
    const user = await world().addUser({}, 'Key Users');
    const caller = await world().as(user);
    const changed = await changeOwnUser(core, caller, { email: 'me@example.com', userMetadata: { a: [1] } });
    assert.deepEqual(await getOwnUser(core, caller), changed);
    assert.deepEqual(await getUser(core, caller, user.id), changed);
    assert.deepEqual(changed.roles, ['Key Users']);
    assert.equal((await faultOf(changeOwnUser(core, caller, { email: 'x' }))).field, 'email');
    const { rows } = await listAudit(core.database, {
      action: 'user_changed',
      target: user.id,
      skip: 0,
      limit: 9,
    });
    assert.deepEqual(
      rows.map((row) => row.detail),
      [{ fields: ['email', 'userMetadata'] }],
    );
  });
});
