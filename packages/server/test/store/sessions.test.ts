/** Sessions as records: kept, listed, ended, swept. On both engines. @module */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DomainId, SessionId, UserId } from '../../src/domain/ids.ts';
import { isExpired, type Session } from '../../src/domain/session.ts';
import type { Database } from '../../src/store/database.ts';
import { rowOfSession } from '../../src/store/session-row.ts';
import {
  endSessionsOfUser,
  findSession,
  insertSession,
  listSessions,
  type SessionFilter,
  sweepSessions,
} from '../../src/store/sessions.ts';
import { insertUser } from '../../src/store/users.ts';
import { changesAny } from '../../src/store/write.ts';
import { onBothEngines } from './engines.ts';
import { aSession, aUser, startMs } from './records.ts';

const noLimits = { maximumRefreshSeconds: null, maximumSessionSeconds: null };

const everything: SessionFilter = {
  userId: null,
  domainId: null,
  labels: [],
  ended: 'show',
  expired: 'show',
  notRefreshedSinceMs: null,
  nowMs: startMs,
  limits: noLimits,
  skip: 0,
  limit: 1000,
};

async function insertFor(db: Database, changes: readonly Partial<Session>[]): Promise<Session[]> {
  const user = aUser();
  const sessions = changes.map((each) => aSession(user.id, each));
  await db.write([insertUser(db, user), ...sessions.map((session) => insertSession(db, session))]);
  return sessions;
}

async function idsOf(db: Database, filter: Partial<SessionFilter>): Promise<SessionId[]> {
  const { rows, total } = await listSessions(db, { ...everything, ...filter });
  assert.equal(total, rows.length);
  return rows.map(({ session }) => session.id);
}

const only = (sessions: readonly Session[]): { userId: UserId | null } => ({
  userId: sessions[0]?.userId ?? null,
});

const anInstant = fc.integer({ min: startMs - 100_000_000, max: startMs });
const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const seconds = perhaps(fc.integer({ min: 1, max: 100_000 }));

onBothEngines('sessions', (store) => {
  test('are read as they were written, whatever their texts hold', async () => {
    const { db } = store;
    const user = aUser();
    await db.write([insertUser(db, user)]);
    const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', ''));
    const changes = fc.record({
      domainId: perhaps(fc.uuid().map((id) => id as DomainId)),
      labels: fc.array(text, { maxLength: 3 }),
      createdFrom: text,
      lifetimes: fc.record({ absoluteSeconds: seconds, idleSeconds: seconds }, { noNullPrototype: true }),
      generation: fc.integer({ min: 1, max: 2 ** 31 }),
      issuedAtMs: anInstant,
      usedAtMs: perhaps(anInstant),
    });
    await fc.assert(
      fc.asyncProperty(changes, async (each) => {
        const session = aSession(user.id, each);
        await db.write([insertSession(db, session)]);
        assert.deepEqual(await findSession(db, session.id), session);
        assert.deepEqual((await db.findHeldSession(session.id))?.held.session, session);
      }),
      { numRuns: 30 },
    );
    assert.equal(await findSession(db, randomUUID() as SessionId), null);
  });

  test('are listed with their user, oldest first, in pages that add up', async () => {
    const { db } = store;
    const user = aUser();
    const sessions = Array.from({ length: 5 }, () => aSession(user.id));
    await db.write([insertUser(db, user), ...sessions.map((session) => insertSession(db, session))]);
    const ids = sessions.map(({ id }) => id).sort();
    const page = async (skip: number, limit: number) => {
      const { rows, total } = await listSessions(db, { ...everything, userId: user.id, skip, limit });
      assert.equal(total, 5);
      assert.ok(
        rows.every(({ username, connection }) => username === user.username && connection === 'local'),
      );
      return rows.map(({ session }) => session.id);
    };
    assert.deepEqual([...(await page(0, 2)), ...(await page(2, 2)), ...(await page(4, 2))], ids);
    assert.deepEqual(await page(0, 0), []);
    assert.deepEqual(await page(9, 2), []);
  });

  test('are looked for among all without keeping others waiting', async () => {
    const { db } = store;
    await insertFor(db, [{}, {}, {}]);
    let others = 0;
    const turn = setImmediate(() => {
      others += 1;
    });
    await sweepSessions(db, { nowMs: startMs, endedBeforeMs: 0, namedEndedBeforeMs: 0, batch: 1 });
    clearImmediate(turn);
    assert.equal(others, 1);
  });

  test('without a refresh token, and deleted ones, are not listed', async () => {
    const { db } = store;
    const [shown, , ended] = await insertFor(db, [
      {},
      { kind: 'access' },
      { endedAtMs: startMs, endReason: 'revoked' },
      { endedAtMs: startMs, endReason: 'deleted' },
    ]);
    assert.ok(shown && ended);
    assert.deepEqual(await idsOf(db, only([shown])), [shown.id, ended.id].sort());
    assert.deepEqual(await idsOf(db, { ...only([shown]), ended: 'hide' }), [shown.id]);
  });

  test('are found by all of their labels, and by nothing that only looks like one', async () => {
    const { db } = store;
    const [both, tricky] = await insertFor(db, [
      { labels: ['web-ui', 'cli'] },
      { labels: ['x"web-ui', 'a,"web-ui"', '["web-ui"', 'web-ui-2', 'Web-UI', '\\'] },
    ]);
    assert.ok(both && tricky);
    const labelled = (labels: string[]) => idsOf(db, { ...only([both]), labels });
    assert.deepEqual(await labelled(['web-ui']), [both.id]);
    assert.deepEqual(await labelled(['cli', 'web-ui']), [both.id]);
    assert.deepEqual(await labelled(['cli', 'absent']), []);
    assert.deepEqual(await labelled(['%']), []);
    assert.deepEqual(await labelled(['\u0000']), []);
    for (const label of tricky.labels) assert.deepEqual(await labelled([label]), [tricky.id]);
  });

  test('are listed by domain, and by when they were last refreshed or made', async () => {
    const { db } = store;
    const elsewhere = randomUUID() as DomainId;
    const [old, fresh, away] = await insertFor(db, [
      { createdAtMs: startMs - 10, refreshedAtMs: null },
      { createdAtMs: startMs - 10, refreshedAtMs: startMs },
      { createdAtMs: startMs, domainId: elsewhere },
    ]);
    assert.ok(old && fresh && away);
    assert.deepEqual(await idsOf(db, { ...only([old]), notRefreshedSinceMs: startMs }), [old.id]);
    assert.deepEqual(await idsOf(db, { ...only([old]), domainId: elsewhere }), [away.id]);
  });

  test('count as expired in a list exactly when their tokens are refused', async () => {
    const { db } = store;
    const ages = fc.record({
      lifetimes: fc.record({ absoluteSeconds: seconds, idleSeconds: seconds }),
      authenticatedAtMs: anInstant,
      issuedAtMs: anInstant,
      usedAtMs: perhaps(anInstant),
    });
    const limits = fc.record({ maximumRefreshSeconds: seconds, maximumSessionSeconds: seconds });
    const property = fc.asyncProperty(
      fc.array(ages, { minLength: 1, maxLength: 20 }),
      limits,
      async (all, limits) => {
        const sessions = await insertFor(db, all);
        const alive = sessions.filter((session) => !isExpired(session, limits, startMs)).map(({ id }) => id);
        assert.deepEqual(await idsOf(db, { ...only(sessions), expired: 'hide', limits }), alive.sort());
      },
    );
    await fc.assert(property, { numRuns: 15 });
  });

  test('of a user end together, but for the one excepted and other purposes; what had ended stays as it was', async () => {
    const { db } = store;
    const [own, other, application, ended] = await insertFor(db, [
      { purpose: 'interactive' },
      { purpose: 'interactive' },
      { purpose: 'application' },
      { purpose: 'interactive', endedAtMs: startMs - 5, endReason: 'revoked' },
    ]);
    const [stranger] = await insertFor(db, [{ purpose: 'interactive' }]);
    assert.ok(own && other && application && ended && stranger);
    const end = async (except: SessionId | null, purpose: 'interactive' | 'any') => {
      await db.write([endSessionsOfUser(db, own.userId, except, purpose, 'password_changed', startMs)]);
      const states = [own, other, application, ended, stranger].map(
        async ({ id }) => (await findSession(db, id))?.endReason,
      );
      return Promise.all(states);
    };
    const changed = 'password_changed';
    assert.deepEqual(await end(own.id, 'interactive'), [null, changed, null, 'revoked', null]);
    assert.deepEqual(await end(null, 'any'), [changed, changed, changed, 'revoked', null]);
    assert.equal((await findSession(db, ended.id))?.endedAtMs, startMs - 5);
  });

  test('ended by a statement are decided upon anew by whoever had read them before', async () => {
    const { db } = store;
    const [session] = await insertFor(db, [{}]);
    assert.ok(session);
    const ending = db.write([endSessionsOfUser(db, session.userId, null, 'any', 'revoked', startMs)]);
    const using = db.changeSession(session.id, ({ session }) => ({
      session: session.endedAtMs === null ? { ...session, generation: session.generation + 1 } : null,
      result: null,
    }));
    await Promise.all([ending, using]);
    assert.equal((await findSession(db, session.id))?.endReason, 'revoked');
  });

  test('are swept once nobody asks about them, in steps smaller than the table', async () => {
    const { db } = store;
    const keptForMs = 1000;
    const before = startMs - keptForMs;
    const minute = { absoluteSeconds: 60, idleSeconds: null };
    const idle = { absoluteSeconds: null, idleSeconds: 60 };
    const sessions = await insertFor(db, [
      {},
      { endedAtMs: before - 1, endReason: 'revoked' },
      { endedAtMs: before, endReason: 'revoked' },
      { lifetimes: minute, issuedAtMs: before - 60_000 },
      { lifetimes: minute, issuedAtMs: before - 59_999 },
      { lifetimes: idle, issuedAtMs: 0, usedAtMs: before - 60_000 },
      { lifetimes: idle, issuedAtMs: 0, usedAtMs: before - 59_999 },
      { kind: 'access', lifetimes: minute, issuedAtMs: startMs - 60_000 },
      { kind: 'access', lifetimes: minute, issuedAtMs: startMs - 59_999 },
      { rotation: 'every-use', endedAtMs: before - keptForMs - 1, endReason: 'revoked' },
      { rotation: 'every-use', endedAtMs: before - keptForMs, endReason: 'revoked' },
    ]);
    const round = { nowMs: startMs, endedBeforeMs: before, namedEndedBeforeMs: before - keptForMs, batch: 4 };
    const swept = await sweepSessions(db, round);
    const left = await Promise.all(sessions.map(async ({ id }) => (await findSession(db, id)) !== null));
    assert.deepEqual(left, [true, false, true, false, true, false, true, false, true, false, true]);
    assert.ok(swept >= 4);
    assert.equal(await sweepSessions(db, round), 0);
  });

  test('of everybody come in the same pages, however the table is cut into pieces', async () => {
    const { db } = store;
    const user = aUser();
    const domainId = randomUUID() as DomainId;
    // More than one piece, with those that are looked for on both sides of the cut.
    const sessions = Array.from({ length: 5003 }, (_, index) =>
      aSession(user.id, index % 5 === 0 ? { domainId } : { endedAtMs: startMs, endReason: 'revoked' }),
    );
    await db.write([insertUser(db, user)]);
    for (let from = 0; from < sessions.length; from += 500) {
      const rows = sessions.slice(from, from + 500).map(rowOfSession);
      await db.write([changesAny(db.queries.insertInto('sessions').values(rows))]);
    }
    const ids = sessions.flatMap((session) => (session.domainId === domainId ? session.id : [])).sort();
    const page = async (skip: number, limit: number) => {
      const { rows, total } = await listSessions(db, { ...everything, domainId, skip, limit });
      assert.equal(total, ids.length);
      return rows.map(({ session }) => session.id);
    };
    assert.deepEqual(await page(0, 2000), ids);
    assert.deepEqual(await page(990, 20), ids.slice(990, 1010));
    assert.deepEqual(await page(1000, 1), ids.slice(1000, 1001));
    assert.deepEqual(await page(2000, 10), []);
  });
});
