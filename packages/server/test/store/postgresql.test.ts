/** What PostgreSQL alone promises: several nodes, and what happens when it is away. @module */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import pg from 'pg';
import { openGate } from '../../../../test/harness/gate.ts';
import {
  type Database,
  DatabaseRefused,
  DatabaseUnavailable,
  WriteConflict,
} from '../../src/store/database.ts';
import { insertDomain } from '../../src/store/domains.ts';
import { migrations } from '../../src/store/migrations/pending.ts';
import { openDatabase } from '../../src/store/open.ts';
import { findSession, insertSession } from '../../src/store/sessions.ts';
import { setSetting } from '../../src/store/settings.ts';
import { changeUser, findUserByName, insertUser } from '../../src/store/users.ts';
import { freshPlace, type Place } from './engines.ts';
import { aSession, aUser, rootDomain, startMs } from './records.ts';

suite('PostgreSQL', () => {
  let place: Place;
  let db: Database;

  before(async () => {
    place = await freshPlace('postgresql');
    // Four servers that start together on an empty database.
    const nodes = await Promise.all([place.open(), place.open(), place.open(), place.open()]);
    db = nodes[0];
    await db.write([insertDomain(db, rootDomain)]);
  });
  after(() => place.remove());

  async function query(text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: place.url ?? '' });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  async function newSession() {
    const user = aUser();
    const session = aSession(user.id);
    await db.write([insertUser(db, user), insertSession(db, session)]);
    return { user, session };
  }

  test('servers that start together apply each migration once', async () => {
    const rows = await query('select name from migrations order by name');
    assert.deepEqual(
      rows,
      migrations.map(({ name }) => ({ name })),
    );
    assert.deepEqual(await query('select version from configuration'), [{ version: '1' }]);
  });

  test('a database of a newer version is refused', async () => {
    await query("insert into migrations (name, applied_at_ms) values ('9999-future', 0)");
    await assert.rejects(place.open(), DatabaseRefused);
    await query("delete from migrations where name = '9999-future'");
  });

  test('two nodes that change one session at once lose no change', async () => {
    const other = await place.open();
    const { session } = await newSession();
    const renew = (node: Database) =>
      node.changeSession(session.id, (held) => {
        const generation = held.session.generation + 1;
        return { session: { ...held.session, generation }, result: generation };
      });
    const generations: (number | null)[] = [];
    const racing = [db, other].map(async (node) => {
      for (let round = 0; round < 25; round += 1)
        generations.push(...(await Promise.all([renew(node), renew(node)])));
    });
    await Promise.all(racing);
    assert.deepEqual(
      generations.map(Number).sort((a, b) => a - b),
      Array.from({ length: 100 }, (_, index) => index + 2),
    );
    assert.equal((await findSession(db, session.id))?.generation, 101);
  });

  test('two nodes that change many sessions in opposite order both get through', async () => {
    const other = await place.open();
    const user = aUser();
    const sessions = Array.from({ length: 40 }, () => aSession(user.id));
    await db.write([insertUser(db, user), ...sessions.map((session) => insertSession(db, session))]);
    const renewAll = (node: Database, inOrder: typeof sessions) =>
      Promise.all(
        inOrder.map(({ id }) =>
          node.changeSession(id, ({ session }) => ({
            session: { ...session, generation: session.generation + 1 },
            result: null,
          })),
        ),
      );
    for (let round = 0; round < 5; round += 1)
      await Promise.all([renewAll(db, sessions), renewAll(other, sessions.toReversed())]);
    for (const { id } of sessions) assert.equal((await findSession(db, id))?.generation, 11);
  });

  test('what one node changed, the other sees by its next statement', async () => {
    const other = await place.open();
    const { user, session } = await newSession();
    const before = await other.findHeldSession(session.id);
    assert.equal(before?.held.holder.enabled, true);
    await changeUser(db, user.id, (read) => ({ user: { ...read, enabled: false }, result: null }));
    await db.write(setSetting(db, 'NAME', 'value'));
    const decidedWith = await other.changeSession(session.id, ({ holder }, configuration) => ({
      session: null,
      result: [holder.enabled, configuration.settings.get('NAME')],
    }));
    assert.deepEqual(decidedWith, [false, 'value']);
    assert.notEqual((await other.configuration()).version, before?.configuration.version);
  });

  test('a session that cannot be written does no harm to those of its group', async () => {
    const [bad, good] = [await newSession(), await newSession()];
    const failing = db.changeSession(bad.session.id, ({ session }) => ({
      session: { ...session, generation: Number.MAX_VALUE },
      result: null,
    }));
    const standing = db.changeSession(good.session.id, ({ session }) => ({
      session: { ...session, generation: 2 },
      result: 'done',
    }));
    await assert.rejects(
      failing,
      (error) => !(error instanceof WriteConflict) && !(error instanceof DatabaseUnavailable),
    );
    assert.equal(await standing, 'done');
    assert.equal((await findSession(db, good.session.id))?.generation, 2);
  });

  test('a text that PostgreSQL cannot hold equals nothing stored', async () => {
    assert.equal(
      await findUserByName(db, { domainId: rootDomain.id, connection: 'local', username: 'a\0b' }),
      null,
    );
  });

  test('connections that the server ended are replaced', async () => {
    const { session } = await newSession();
    await query(
      // Of this test's database alone: other tests run beside it.
      'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $$tessera$$ and datname = current_database()',
    );
    const deadline = performance.now() + 5000;
    for (;;) {
      try {
        assert.ok(await db.findHeldSession(session.id));
        break;
      } catch (error) {
        assert.ok(error instanceof DatabaseUnavailable);
        assert.ok(performance.now() < deadline);
      }
    }
  });

  test('without PostgreSQL everything is unavailable at once, and well again when it is back', async () => {
    const { session } = await newSession();
    const gate = await openGate(place.url ?? '');
    const node = await openDatabase({
      url: gate.url,
      dataDir: place.dataDir,
      log: () => {},
      clock: () => startMs,
    });
    try {
      assert.ok(await node.findHeldSession(session.id));
      gate.shut();
      const unavailable = (promise: Promise<unknown>) => assert.rejects(promise, DatabaseUnavailable);
      await unavailable(node.findHeldSession(session.id));
      await unavailable(node.changeSession(session.id, () => ({ session: null, result: null })));
      await unavailable(node.write([insertUser(node, aUser())]));
      await unavailable(node.write([insertUser(node, aUser()), insertUser(node, aUser())]));
      await unavailable(node.configuration());
      await unavailable(node.ping());
      await unavailable(openDatabase({ url: gate.url, dataDir: '', log: () => {}, clock: () => startMs }));
      gate.open();
      await node.ping();
      assert.ok(await node.findHeldSession(session.id));
    } finally {
      await node.close();
      await gate.close();
    }
  });
});
