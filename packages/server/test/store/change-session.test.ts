/** Guarantees of `changeSession`, on both engines. @module */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { AuditEntry } from '../../src/domain/audit.ts';
import type { HeldSession } from '../../src/domain/holder.ts';
import type { SessionId } from '../../src/domain/ids.ts';
import { endSession, renewSession, type Session } from '../../src/domain/session.ts';
import { assign } from '../../src/store/assignments.ts';
import { insertAudit, listAudit } from '../../src/store/audit.ts';
import { type Database, DuplicateRow, type SessionChange } from '../../src/store/database.ts';
import { insertDomain } from '../../src/store/domains.ts';
import { insertRole } from '../../src/store/roles.ts';
import { endSessionsOfUser, findSession, insertSession } from '../../src/store/sessions.ts';
import { findUser, insertUser } from '../../src/store/users.ts';
import { onBothEngines } from './engines.ts';
import { aDomain, aRole, aSession, aUser, startMs } from './records.ts';

const policy = {
  renewalGraceSeconds: 30,
  lostAnswerSeconds: 86_400,
  maximumRefreshSeconds: null,
  maximumSessionSeconds: null,
};

async function newSession(db: Database, changes: Partial<Session> = {}): Promise<Session> {
  const user = aUser();
  const session = aSession(user.id, changes);
  await db.write([insertUser(db, user), insertSession(db, session)]);
  return session;
}

const nextGeneration = (session: Session): SessionChange<number> => {
  const generation = session.generation + 1;
  return { session: { ...session, generation }, result: generation };
};

const seenGeneration = ({ session }: HeldSession): SessionChange<number> => ({
  session: null,
  result: session.generation,
});

const anEntry = (target: string): AuditEntry => ({
  atMs: startMs,
  action: 'refresh',
  outcome: 'done',
  reason: null,
  actorId: null,
  target,
  requestId: randomUUID(),
  address: '192.0.2.7',
  detail: {},
});

onBothEngines('changing a session', (store) => {
  test('writes all that may change in a session, and answers with the result', async () => {
    const { db } = store;
    const session = await newSession(db);
    const changed: Session = {
      ...session,
      domainId: null,
      lifetimes: { absoluteSeconds: 3600, idleSeconds: 60 },
      generation: 7,
      authenticatedAtMs: startMs + 1,
      issuedAtMs: startMs + 2,
      usedAtMs: startMs + 3,
      refreshedAtMs: startMs + 4,
      endedAtMs: startMs + 5,
      endReason: 'revoked',
    };
    assert.equal(await db.changeSession(session.id, () => ({ session: changed, result: 'done' })), 'done');
    assert.deepEqual(await findSession(db, session.id), changed);
  });

  test('of an unknown id is null, and nobody is asked', async () => {
    const decide = () => assert.fail('there is nothing to decide on');
    assert.equal(await store.db.changeSession(randomUUID() as SessionId, decide), null);
  });

  test('writes nothing when nothing was decided', async () => {
    const { db } = store;
    const session = await newSession(db);
    assert.equal(await db.changeSession(session.id, () => ({ session: null, result: 1 })), 1);
    assert.deepEqual(await findSession(db, session.id), session);
  });

  test('writes what goes with it together with it', async () => {
    const { db } = store;
    const session = await newSession(db);
    await db.changeSession(session.id, ({ session }) => ({
      ...nextGeneration(session),
      writes: [insertAudit(db, anEntry(session.id))],
    }));
    assert.equal((await findSession(db, session.id))?.generation, 2);
    const audit = await listAudit(db, { action: null, target: session.id, skip: 0, limit: 10 });
    assert.equal(audit.total, 1);
  });

  test('is undone when what goes with it cannot be written; others of the same turn stand', async () => {
    const { db } = store;
    const [bad, good] = [await newSession(db), await newSession(db)];
    const taken = await findUser(db, bad.userId);
    assert.ok(taken);
    const failing = db.changeSession(bad.id, ({ session }) => ({
      ...nextGeneration(session),
      writes: [insertUser(db, taken)],
    }));
    const standing = db.changeSession(good.id, ({ session }) => nextGeneration(session));
    await assert.rejects(failing, DuplicateRow);
    assert.equal(await standing, 2);
    assert.equal((await findSession(db, bad.id))?.generation, 1);
    assert.equal((await findSession(db, good.id))?.generation, 2);
    assert.equal(await db.changeSession(bad.id, seenGeneration), 1);
  });

  test('and what goes with it: whoever decides next sees both, also where that is about the same session', async () => {
    const { db } = store;
    const [audited, ended] = [await newSession(db), await newSession(db)];
    await db.changeSession(audited.id, ({ session }) => ({
      ...nextGeneration(session),
      writes: [insertAudit(db, anEntry(audited.id))],
    }));
    await db.changeSession(ended.id, ({ session }) => ({
      ...nextGeneration(session),
      writes: [endSessionsOfUser(db, ended.userId, null, 'any', 'revoked', startMs)],
    }));
    assert.equal(await db.changeSession(audited.id, seenGeneration), 2);
    const seen = ({ session }: HeldSession) => ({ session: null, result: session });
    assert.deepEqual(await db.changeSession(ended.id, seen), await findSession(db, ended.id));
    assert.equal((await findSession(db, ended.id))?.endReason, 'revoked');
  });

  test('fails alone when its decision throws', async () => {
    const { db } = store;
    const session = await newSession(db);
    const failing = db.changeSession(session.id, () => {
      throw new RangeError('a defect');
    });
    const standing = db.changeSession(session.id, ({ session }) => nextGeneration(session));
    await assert.rejects(failing, RangeError);
    assert.equal(await standing, 2);
  });

  test('fifty at once lose no change', async () => {
    const { db } = store;
    const session = await newSession(db);
    const results = await Promise.all(
      Array.from({ length: 50 }, () => db.changeSession(session.id, (held) => nextGeneration(held.session))),
    );
    assert.deepEqual(
      results.map(Number).sort((a, b) => a - b),
      Array.from({ length: 50 }, (_, index) => index + 2),
    );
    assert.equal((await findSession(db, session.id))?.generation, 51);
  });

  test('of fifty renewals of one token at once, one makes the successor and all are given it', async () => {
    const { db } = store;
    const session = await newSession(db);
    const generations = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        db.changeSession(session.id, (held) => {
          const decision = renewSession(held.session, 1, policy, startMs + 1000);
          const written = decision.write === 'yes' ? decision.session : null;
          // Half of them write something beside it, and so cannot share a statement.
          const writes = index % 2 === 0 ? [] : [insertAudit(db, anEntry(session.id))];
          return { session: written, writes, result: decision.session.generation };
        }),
      ),
    );
    assert.deepEqual(new Set(generations), new Set([2]));
    assert.equal((await findSession(db, session.id))?.generation, 2);
    assert.equal((await listAudit(db, { action: null, target: session.id, skip: 0, limit: 1 })).total, 25);
  });

  test('many sessions in one turn are each changed once', async () => {
    const { db } = store;
    const user = aUser();
    const sessions = Array.from({ length: 300 }, () => aSession(user.id));
    await db.write([insertUser(db, user), ...sessions.map((session) => insertSession(db, session))]);
    const results = await Promise.all(
      sessions.map(({ id }) => db.changeSession(id, (held) => nextGeneration(held.session))),
    );
    assert.deepEqual(new Set(results), new Set([2]));
    for (const { id } of sessions) assert.equal((await findSession(db, id))?.generation, 2);
  });

  test('that moves it to another domain lets the next of the same turn decide with the roles there', async () => {
    const { db } = store;
    const domain = aDomain();
    const role = aRole({ domainId: domain.id });
    const session = await newSession(db);
    const assignment = { userId: session.userId, roleId: role.id, domainId: domain.id, tenantId: null };
    await db.write([insertDomain(db, domain), insertRole(db, role), assign(db, assignment)]);
    const [before, after] = await Promise.all([
      db.changeSession(session.id, (held) => ({
        session: { ...held.session, domainId: domain.id },
        result: held.holder.roles,
      })),
      db.changeSession(session.id, (held) => ({ session: null, result: held.holder.roles })),
    ]);
    assert.deepEqual(before, []);
    assert.deepEqual(after, [role.name]);
  });

  test('and ending a user’s sessions at once: whoever decides after the end sees it', async () => {
    const { db } = store;
    const session = await newSession(db);
    const end = db.changeSession(session.id, (held) => ({
      session: endSession(held.session, 'revoked', startMs),
      result: held.session.endedAtMs,
    }));
    const seen = db.changeSession(session.id, (held) => ({ session: null, result: held.session.endedAtMs }));
    assert.equal(await end, null);
    assert.equal(await seen, startMs);
  });
});
