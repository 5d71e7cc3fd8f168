/** The feed of revocations: every change that ends tokens is in it, whoever made it, and no reader misses one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import type { ApplicationId, SessionId } from '../../src/domain/ids.ts';
import { endSession } from '../../src/domain/session.ts';
import type { User } from '../../src/domain/user.ts';
import type { Database } from '../../src/store/database.ts';
import { insertDomain, updateDomain } from '../../src/store/domains.ts';
import {
  announceApplication,
  placeRevocations,
  type RevocationRow,
  readFeedState,
  revocationsAfter,
  sweepRevocations,
} from '../../src/store/revocations.ts';
import { endSessionsOfUser, insertSession } from '../../src/store/sessions.ts';
import { changeUser, deleteUser, insertUser } from '../../src/store/users.ts';
import { freshPlace, onBothEngines } from './engines.ts';
import { aDomain, aSession, aUser, startMs } from './records.ts';

const lives = { secondsByFace: new Map([['test', 300]]), longestSeconds: 86_400, marginSeconds: 60 };

type Told = Partial<Pick<RevocationRow, 'kind' | 'subject' | 'generation' | 'from_ms' | 'life_seconds'>>;

/** What came into the feed while something was done. */
async function toldBy(db: Database, work: () => Promise<unknown>): Promise<Told[]> {
  await db.write(placeRevocations(db, lives, startMs));
  const { head } = await readFeedState(db);
  await work();
  await db.write(placeRevocations(db, lives, startMs));
  const rows = await revocationsAfter(db, head, 100);
  return rows.map(({ kind, subject, generation, from_ms, life_seconds }) => ({
    kind,
    subject,
    ...(generation === null ? {} : { generation }),
    ...(from_ms === null ? {} : { from_ms }),
    ...(life_seconds === null ? {} : { life_seconds }),
  }));
}

const byTold = (one: Told, other: Told): number => (one.subject ?? '').localeCompare(other.subject ?? '');

async function newUser(db: Database, changes: Partial<User> = {}): Promise<User> {
  const user = aUser(changes);
  await db.write([insertUser(db, user)]);
  return user;
}

onBothEngines('the feed of revocations', (store) => {
  const change = (user: User, fields: Partial<User>) => () =>
    changeUser(store.db, user.id, (found) => ({ user: { ...found, ...fields }, result: null }));

  test('has a session that ended, once, with how long its tokens may live', async () => {
    const { db } = store;
    const user = await newUser(db);
    const lifetimes = { absoluteSeconds: 7200, idleSeconds: null };
    const [plain, alone] = [aSession(user.id), aSession(user.id, { kind: 'access', lifetimes })];
    await db.write([insertSession(db, plain), insertSession(db, alone)]);
    const end = (id: SessionId) => () =>
      db.changeSession(id, ({ session }) => ({
        session: endSession(session, 'revoked', startMs),
        result: null,
      }));
    assert.deepEqual(await toldBy(db, end(plain.id)), [{ kind: 'session_ended', subject: plain.id }]);
    assert.deepEqual(await toldBy(db, end(alone.id)), [
      { kind: 'session_ended', subject: alone.id, life_seconds: 7200 },
    ]);
    assert.deepEqual(await toldBy(db, end(plain.id)), []);
  });

  test('has every session that a statement over many ended, and none of the others', async () => {
    const { db } = store;
    const user = await newUser(db);
    const sessions = [aSession(user.id), aSession(user.id), aSession(user.id)];
    await db.write(sessions.map((session) => insertSession(db, session)));
    const [kept, ...ended] = sessions.map(({ id }) => id);
    const told = await toldBy(db, () =>
      db.write([endSessionsOfUser(db, user.id, kept ?? null, 'any', 'password_changed', startMs)]),
    );
    assert.deepEqual(told.map(({ subject }) => subject).sort(), [...ended].sort());
  });

  test('has a generation when its pair was used, or renewed unused; only where every use renews', async () => {
    const { db } = store;
    const user = await newUser(db);
    const pair = { rotation: 'every-use', generation: 4, issuedAtMs: startMs + 5, usedAtMs: null } as const;
    const [used, renewed, other] = [
      aSession(user.id, pair),
      aSession(user.id, pair),
      aSession(user.id, { ...pair, rotation: 'on-request' }),
    ];
    await db.write([used, renewed, other].map((session) => insertSession(db, session)));
    const use = (id: SessionId) => () =>
      db.changeSession(id, ({ session }) => ({ session: { ...session, usedAtMs: startMs }, result: null }));
    const renew = (id: SessionId) => () =>
      db.changeSession(id, ({ session }) => ({
        session: { ...session, generation: session.generation + 1, issuedAtMs: startMs + 9, usedAtMs: null },
        result: null,
      }));
    const replaced = { kind: 'generation_replaced', generation: 4, from_ms: startMs + 5 };
    assert.deepEqual(await toldBy(db, use(used.id)), [{ ...replaced, subject: used.id }]);
    assert.deepEqual(await toldBy(db, renew(used.id)), []);
    assert.deepEqual(await toldBy(db, renew(renewed.id)), [{ ...replaced, subject: renewed.id }]);
    assert.deepEqual(await toldBy(db, use(other.id)), []);
    assert.deepEqual(await toldBy(db, renew(other.id)), []);
  });

  test('has a user who is disabled, enabled, given an end, or deleted, and not one who signs in', async () => {
    const { db } = store;
    const user = await newUser(db);
    const suspended = { kind: 'user_suspended', subject: user.id };
    const restored = { kind: 'user_restored', subject: user.id };
    assert.deepEqual(await toldBy(db, change(user, { enabled: false })), [suspended]);
    assert.deepEqual(await toldBy(db, change(user, { allowedAuthMethods: [] })), [suspended]);
    assert.deepEqual(await toldBy(db, change(user, { enabled: true })), [suspended]);
    assert.deepEqual(await toldBy(db, change(user, { allowedAuthMethods: ['password'] })), [restored]);
    assert.deepEqual(await toldBy(db, change(user, { loginsCount: 9 })), []);
    assert.deepEqual(await toldBy(db, change(user, { expiresAtMs: startMs + 60_000 })), [
      { ...suspended, from_ms: startMs + 60_000 },
    ]);
    assert.deepEqual(await toldBy(db, change(user, { expiresAtMs: null })), [restored]);
    const [, gone] = await toldBy(db, () => db.write(deleteUser(db, user.id)));
    assert.deepEqual(gone, suspended);
  });

  test('has everybody with a session who is at home in a domain that is disabled or enabled', async () => {
    const { db } = store;
    const domain = aDomain();
    await db.write([insertDomain(db, domain)]);
    const [here, off, unseen] = [
      await newUser(db, { domainId: domain.id }),
      await newUser(db, { domainId: domain.id, enabled: false }),
      await newUser(db, { domainId: domain.id }),
    ];
    await db.write([insertSession(db, aSession(here.id)), insertSession(db, aSession(off.id))]);
    const set = (enabled: boolean) => () => db.write([updateDomain(db, { ...domain, enabled })]);
    const suspended = [here, off].map(({ id }) => ({ kind: 'user_suspended', subject: id }) as const);
    assert.deepEqual((await toldBy(db, set(false))).sort(byTold), [...suspended].sort(byTold));
    assert.deepEqual(await toldBy(db, change(here, { enabled: false })), [suspended[0]]);
    assert.deepEqual(await toldBy(db, change(here, { enabled: true })), [suspended[0]]);
    assert.deepEqual(
      (await toldBy(db, set(true))).sort(byTold),
      [{ kind: 'user_restored', subject: here.id } as const, suspended[1] ?? {}].sort(byTold),
    );
    assert.deepEqual(await toldBy(db, change(unseen, {})), []);
  });

  test('gives positions once and in order, also when nodes give them at the same time', async () => {
    const { db, place } = store;
    const nodes = place.engine === 'sqlite' ? [db, db, db] : [db, await place.open(), await place.open()];
    const user = await newUser(db);
    const { head } = await readFeedState(db);
    const ids: SessionId[] = [];
    for (let round = 0; round < 20; round += 1) {
      const sessions = nodes.map(() => aSession(user.id));
      ids.push(...sessions.map(({ id }) => id));
      await db.write(sessions.map((session) => insertSession(db, session)));
      await Promise.all(
        nodes.flatMap((node, at) => [
          node.changeSession(sessions[at]?.id ?? ids[0] ?? ('' as SessionId), ({ session }) => ({
            session: endSession(session, 'revoked', startMs),
            result: null,
          })),
          node.write(placeRevocations(node, lives, startMs)),
        ]),
      );
    }
    await db.write(placeRevocations(db, lives, startMs));
    const rows = await revocationsAfter(db, head, 1000);
    assert.deepEqual(rows.map(({ subject }) => subject).sort(), [...ids].sort());
    assert.equal(new Set(rows.map(({ position }) => position)).size, rows.length);
    assert.equal((await readFeedState(db)).head, rows.at(-1)?.position);
  });

  test('forgets what is old, and goes on counting', async () => {
    const { db } = store;
    const { head } = await readFeedState(db);
    assert.ok((await revocationsAfter(db, 0, 1000)).length > 0);
    await sweepRevocations(db, { nowMs: startMs + 1_000_000_000, batch: 7 });
    assert.deepEqual(await revocationsAfter(db, 0, 1000), []);
    const user = await newUser(db);
    await change(user, { enabled: false })();
    await db.write(placeRevocations(db, lives, startMs));
    const [row] = await revocationsAfter(db, head, 10);
    assert.equal(row?.subject, user.id);
    assert.ok((row?.position ?? 0) > head);
  });
});

test('a reader that stood at the newest position is given what was committed later with an earlier id', async () => {
  const place = await freshPlace('postgresql');
  const db = await place.open();
  const slow = new pg.Client({ connectionString: place.url ?? '' });
  await slow.connect();
  try {
    const insert = "insert into revocations (kind, subject) values ('session_ended', $1)";
    await slow.query('begin');
    await slow.query(insert, ['early id, late commit']);
    await db.write([announceApplication(db, 'late id' as ApplicationId)]);
    await db.write(placeRevocations(db, lives, startMs));
    const { head } = await readFeedState(db);
    const [seen] = await revocationsAfter(db, 0, 10);
    assert.deepEqual([seen?.subject, seen?.position], ['late id', head]);
    await slow.query('commit');
    await db.write(placeRevocations(db, lives, startMs));
    const [late, ...more] = await revocationsAfter(db, head, 10);
    assert.deepEqual([late?.subject, more.length], ['early id, late commit', 0]);
  } finally {
    await slow.end();
    await place.remove();
  }
});
