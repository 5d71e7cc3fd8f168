/** What the embedded engine alone promises: one server, group commit, crashes, full disks. @module */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { SessionId } from '../../src/domain/ids.ts';
import type { Session } from '../../src/domain/session.ts';
import { type Database, DatabaseRefused, DatabaseUnavailable } from '../../src/store/database.ts';
import { insertDomain } from '../../src/store/domains.ts';
import { findSession, insertSession } from '../../src/store/sessions.ts';
import { SqliteDatabase } from '../../src/store/sqlite/database.ts';
import { databaseFile, migrate, openFile } from '../../src/store/sqlite/file.ts';
import { findUser, insertUser } from '../../src/store/users.ts';
import { freshPlace, type Place } from './engines.ts';
import { aSession, aUser, rootDomain, startMs } from './records.ts';

const places: Place[] = [];
after(async () => {
  for (const place of places) await place.remove();
});

async function newPlace(): Promise<Place> {
  const place = await freshPlace('sqlite');
  places.push(place);
  return place;
}

async function insertSessions(db: Database, count: number): Promise<Session[]> {
  const user = aUser();
  const sessions = Array.from({ length: count }, () => aSession(user.id));
  await db.write([
    insertDomain(db, rootDomain),
    insertUser(db, user),
    ...sessions.map((session) => insertSession(db, session)),
  ]);
  return sessions;
}

const renew = (db: Database, id: SessionId): Promise<number | null> =>
  db.changeSession(id, ({ session }) => {
    const generation = session.generation + 1;
    return { session: { ...session, generation }, result: generation };
  });

/** The engine on a connection that the test can disturb. */
async function disturbable(): Promise<{ db: Database; connection: DatabaseSync }> {
  const place = await newPlace();
  const connection = openFile(databaseFile(place.dataDir));
  migrate(connection, startMs);
  const db = new SqliteDatabase(connection, { maxGroupSize: 256, onClose: () => {} });
  after(() => db.close());
  return { db, connection };
}

test('a second server on the same file is refused with the reason, until the first has closed it', async () => {
  const place = await newPlace();
  const first = await place.open();
  await assert.rejects(place.open(), (error) => {
    assert.ok(error instanceof DatabaseRefused);
    assert.match(error.message, /Another Tessera server is using .*data directory/);
    assert.ok(error.message.includes(place.dataDir));
    return true;
  });
  await first.close();
  await (await place.open()).ping();
});

test('a file of another program is refused and left alone', async () => {
  const place = await newPlace();
  const other = new DatabaseSync(databaseFile(place.dataDir));
  other.exec('create table theirs (a)');
  other.close();
  await assert.rejects(place.open(), DatabaseRefused);
  const again = new DatabaseSync(databaseFile(place.dataDir));
  assert.equal(again.prepare('select count(*) as n from sqlite_schema').get()?.n, 1);
  again.close();
});

test('a file that is no database is refused or unavailable, and the directory is free again', async () => {
  const place = await newPlace();
  writeFileSync(databaseFile(place.dataDir), 'x'.repeat(10_000));
  await assert.rejects(place.open(), DatabaseUnavailable);
  await assert.rejects(place.open(), DatabaseUnavailable);
});

test('others on the machine cannot read the database', { skip: process.platform === 'win32' }, async () => {
  const place = await newPlace();
  const db = await place.open();
  await insertSessions(db, 1);
  for (const suffix of ['', '-wal', '-shm'])
    assert.equal(statSync(databaseFile(place.dataDir) + suffix).mode & 0o077, 0);
});

test('what was answered before kill -9 is there afterwards, and the file is free', async () => {
  const place = await newPlace();
  const db = await place.open();
  const sessions = await insertSessions(db, 8);
  await db.close();
  const script = fileURLToPath(new URL('renewing-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, place.dataDir, ...sessions.map(({ id }) => id)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const answered = new Map<string, number>();
  let answers = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [id = '', generation] = line.split(' ');
    answered.set(id, Number(generation));
    answers += 1;
    if (answers === 1000) child.kill('SIGKILL');
  }
  await exited;
  assert.ok(answers >= 1000);
  const reopened = await place.open();
  for (const { id } of sessions) {
    const generation = (await findSession(reopened, id))?.generation ?? 0;
    const last = answered.get(id) ?? 0;
    assert.ok(generation >= last, `${generation} is there of ${last} answered`);
    assert.ok(generation <= last + 1, 'at most one renewal of a session was under way');
  }
});

test('writes of one turn share a commit; with a group size of one each has its own', async () => {
  const grown = async (maxGroupSize: number): Promise<number> => {
    const place = await newPlace();
    const db = await place.open({ maxGroupSize });
    const sessions = await insertSessions(db, 8);
    const log = `${databaseFile(place.dataDir)}-wal`;
    const before = statSync(log).size;
    await Promise.all(
      Array.from({ length: 64 }, (_, index) => renew(db, sessions[index % 8]?.id as SessionId)),
    );
    for (const { id } of sessions) assert.equal((await findSession(db, id))?.generation, 9);
    return statSync(log).size - before;
  };
  // A commit writes each page it changed once.
  const [together, apart] = [await grown(64), await grown(1)];
  assert.ok(apart >= 8 * together, `${apart} bytes of log apart, ${together} together`);
});

test('a disk without room makes the group unavailable, and the database recovers by itself', async () => {
  const { db, connection } = await disturbable();
  const [session] = await insertSessions(db, 1);
  assert.ok(session);
  const big = () => aUser({ appMetadata: { big: 'x'.repeat(100_000) } });
  const [fits, tooBig] = [aUser(), big()];
  const { page_count: pages } = connection.prepare('pragma page_count').get() as { page_count: number };
  connection.exec(`pragma max_page_count = ${pages + 2}`);
  const outcomes = await Promise.allSettled([
    renew(db, session.id),
    db.write([insertUser(db, fits)]),
    db.write([insertUser(db, tooBig)]),
  ]);
  for (const outcome of outcomes) {
    assert.equal(outcome.status, 'rejected');
    assert.ok(outcome.status === 'rejected' && outcome.reason instanceof DatabaseUnavailable);
  }
  assert.equal((await findSession(db, session.id))?.generation, 1);
  assert.equal(await findUser(db, fits.id), null);
  assert.equal(await renew(db, session.id), 2, 'what fits is written');
  connection.exec('pragma max_page_count = 1000000');
  await db.write([insertUser(db, tooBig)]);
});

test('a commit that fails is answered to nobody, and nothing of the group remains', async () => {
  const { db, connection } = await disturbable();
  const sessions = await insertSessions(db, 2);
  const [first, second] = sessions;
  assert.ok(first && second);
  const user = await findUser(db, first.userId);
  assert.ok(user);
  const outcomes = await Promise.allSettled([
    db.changeSession(first.id, ({ session }) => {
      // Checked only by the commit, which therefore fails.
      connection.exec('pragma defer_foreign_keys = on');
      return {
        session: { ...session, generation: 9 },
        writes: [insertSession(db, aSession(aUser().id))],
        result: 1,
      };
    }),
    db.write([
      {
        query: db.queries.updateTable('users').set({ enabled: 0 }).where('id', '=', user.id),
        mustChange: 'one',
      },
    ]),
    db.changeSession(second.id, ({ session, holder }) => ({
      session: { ...session, generation: 9 },
      result: holder.enabled,
    })),
  ]);
  for (const outcome of outcomes)
    assert.ok(outcome.status === 'rejected' && outcome.reason instanceof DatabaseUnavailable);
  for (const { id } of sessions) assert.equal((await db.findHeldSession(id))?.held.session.generation, 1);
  assert.equal((await db.findHeldSession(second.id))?.held.holder.enabled, true, 'nor is it remembered');
  assert.equal(await renew(db, second.id), 2);
});

test('while another process writes for long, writes are unavailable and reads are not; then all is well', async () => {
  const place = await newPlace();
  const db = await place.open();
  const [session] = await insertSessions(db, 1);
  assert.ok(session);
  const other = new DatabaseSync(databaseFile(place.dataDir));
  other.exec('begin immediate');
  await assert.rejects(renew(db, session.id), DatabaseUnavailable);
  assert.equal((await db.findHeldSession(session.id))?.held.session.generation, 1);
  other.exec('rollback');
  other.close();
  assert.equal(await renew(db, session.id), 2);
});

test('what another process wrote is seen by the next statement', async () => {
  const place = await newPlace();
  const db = await place.open();
  const [session] = await insertSessions(db, 1);
  assert.ok(session);
  const before = await db.findHeldSession(session.id);
  const other = new DatabaseSync(databaseFile(place.dataDir));
  other.exec("update users set enabled = 0; insert into settings (name, value) values ('NAME', 'value')");
  const found = await db.findHeldSession(session.id);
  assert.equal(found?.held.holder.enabled, false);
  assert.equal(found?.configuration.settings.get('NAME'), 'value');
  assert.notEqual(found?.configuration, before?.configuration);
  other.exec('update users set enabled = 1');
  const enabled = await db.changeSession(session.id, ({ holder }) => ({
    session: null,
    result: holder.enabled,
  }));
  assert.equal(enabled, true);
  other.exec('delete from settings');
  other.close();
  assert.equal((await db.configuration()).settings.size, 0);
});

test('a database of a newer version is refused', async () => {
  const place = await newPlace();
  const db = await place.open();
  await db.close();
  const other = new DatabaseSync(databaseFile(place.dataDir));
  other.exec("insert into migrations (name, applied_at_ms) values ('9999-future', 0)");
  other.close();
  await assert.rejects(place.open(), (error) => {
    assert.ok(error instanceof DatabaseRefused);
    assert.match(error.message, /newer Tessera.*9999-future/);
    return true;
  });
});

test('after closing, everything asked is unavailable; what was asked before is done', async () => {
  const place = await newPlace();
  const db = await place.open();
  const [session] = await insertSessions(db, 1);
  assert.ok(session);
  const renewing = renew(db, session.id);
  await db.close();
  await db.close();
  assert.equal(await renewing, 2);
  await assert.rejects(renew(db, session.id), DatabaseUnavailable);
  await assert.rejects(db.write([insertUser(db, aUser())]), DatabaseUnavailable);
  await assert.rejects(db.findHeldSession(session.id), DatabaseUnavailable);
  await assert.rejects(db.ping(), DatabaseUnavailable);
  assert.ok(existsSync(join(place.dataDir, 'tessera.lock')));
});

test('nothing writes to a table behind the back of the statement that was asked for, but to the feed of revocations', async () => {
  const place = await newPlace();
  await place.open();
  const file = new DatabaseSync(databaseFile(place.dataDir));
  const texts = (
    file.prepare('select type, sql from sqlite_schema where sql is not null').all() as never[]
  ).map(({ type, sql }: { type: string; sql: string }) => ({ type, sql: sql.toLowerCase() }));
  file.close();
  for (const { type, sql } of texts) {
    assert.doesNotMatch(sql, /\b(?:cascade|on (?:delete|update) set)\b/);
    if (type !== 'trigger') continue;
    const targets = sql.slice(sql.indexOf(' begin ')).match(/\b(?:insert into|update|delete from) \w+/g);
    assert.deepEqual(targets, ['insert into revocations']);
  }
  assert.ok(texts.some(({ type }) => type === 'trigger'));
});

test('what another process writes to the file counts at once, also for a session that was found a moment ago', async () => {
  const place = await newPlace();
  const db = await place.open();
  const [session] = await insertSessions(db, 1);
  assert.ok(session);
  assert.equal((await db.findHeldSession(session.id))?.held.session.endedAtMs, null);
  const other = new DatabaseSync(databaseFile(place.dataDir));
  other.exec('update sessions set ended_at_ms = 7');
  assert.equal((await db.findHeldSession(session.id))?.held.session.endedAtMs, 7);
  assert.equal(await renew(db, session.id), 2);
  other.exec('update sessions set generation = 40');
  assert.equal(await renew(db, session.id), 41);
  other.close();
});
