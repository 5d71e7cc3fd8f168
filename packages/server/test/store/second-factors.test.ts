/** Second factors in both databases: what may be used once is used once. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UserId } from '../../src/domain/ids.ts';
import type { SecondFactor } from '../../src/domain/second-factor.ts';
import { type Database, WriteConflict } from '../../src/store/database.ts';
import {
  activateFactor,
  findSecondFactor,
  insertPendingFactor,
  replaceRecoveryCodes,
  spendRecoveryCode,
  spendStep,
} from '../../src/store/second-factors.ts';
import { deleteUser, findUser, insertUser } from '../../src/store/users.ts';
import { onBothEngines } from './engines.ts';
import { aUser, startMs } from './records.ts';

const step = 59_000_000;

function pending(userId: UserId, sealedSecret = 'sealed'): SecondFactor {
  return { userId, state: 'pending', sealedSecret, lastStep: 0, createdAtMs: startMs };
}

async function addUser(db: Database): Promise<UserId> {
  const user = aUser();
  await db.write([insertUser(db, user)]);
  return user.id;
}

async function addFactor(db: Database): Promise<SecondFactor> {
  const factor = pending(await addUser(db));
  await db.write([insertPendingFactor(db, factor)]);
  await db.write([activateFactor(db, factor, step)]);
  return factor;
}

/** How many of the writes, all begun at once, were done. */
async function winners(attempts: readonly Promise<void>[]): Promise<number> {
  const results = await Promise.allSettled(attempts);
  for (const result of results)
    if (result.status === 'rejected') assert.ok(result.reason instanceof WriteConflict);
  return results.filter(({ status }) => status === 'fulfilled').length;
}

onBothEngines('second factors', (store) => {
  test('of twenty who spend one step at once, exactly one does', async () => {
    const { db } = store;
    const factor = await addFactor(db);
    const attempts = Array.from({ length: 20 }, () => db.write([spendStep(db, factor, step + 1)]));
    assert.equal(await winners(attempts), 1);
  });

  test('of twenty who spend one recovery code at once, exactly one does', async () => {
    const { db } = store;
    const userId = await addUser(db);
    await db.write(replaceRecoveryCodes(db, userId, ['one', 'two']));
    const attempts = Array.from({ length: 20 }, () => db.write([spendRecoveryCode(db, userId, 'one')]));
    assert.equal(await winners(attempts), 1);
    await db.write([spendRecoveryCode(db, userId, 'two')]);
  });

  test('a step before the newest one that was used is not accepted', async () => {
    const { db } = store;
    const factor = await addFactor(db);
    await assert.rejects(db.write([spendStep(db, factor, step)]), WriteConflict);
    await assert.rejects(db.write([spendStep(db, factor, step - 1)]), WriteConflict);
  });

  test('a pending factor is replaced by a newer one, an active one is not', async () => {
    const { db } = store;
    const userId = await addUser(db);
    const [first, second] = [pending(userId, 'first'), pending(userId, 'second')];
    await db.write([insertPendingFactor(db, first)]);
    await db.write([insertPendingFactor(db, second)]);
    await assert.rejects(db.write([activateFactor(db, first, step)]), WriteConflict);
    await db.write([activateFactor(db, second, step)]);
    await assert.rejects(db.write([insertPendingFactor(db, pending(userId, 'third'))]), WriteConflict);
    assert.equal((await findSecondFactor(db, userId))?.sealedSecret, 'second');
  });

  test('a pending factor spends no step, and a code of another user is nobody else’s', async () => {
    const { db } = store;
    const factor = pending(await addUser(db));
    await db.write([insertPendingFactor(db, factor)]);
    await assert.rejects(db.write([spendStep(db, factor, step)]), WriteConflict);
    const other = await addUser(db);
    await db.write(replaceRecoveryCodes(db, other, ['theirs']));
    await assert.rejects(db.write([spendRecoveryCode(db, factor.userId, 'theirs')]), WriteConflict);
  });

  test('a deleted user leaves neither secret nor codes', async () => {
    const { db } = store;
    const factor = await addFactor(db);
    await db.write(replaceRecoveryCodes(db, factor.userId, ['one']));
    await db.write(deleteUser(db, factor.userId));
    assert.equal(await findUser(db, factor.userId), null);
    assert.equal(await findSecondFactor(db, factor.userId), null);
  });

  test('a user’s second factor is what the row says, and anything unknown there means that one is due', async () => {
    const { db } = store;
    const user = aUser({ secondFactor: 'active' });
    await db.write([insertUser(db, user)]);
    assert.equal((await findUser(db, user.id))?.secondFactor, 'active');
    const broken = db.queries.updateTable('users').set({ second_factor: '' as never });
    await db.write([{ query: broken.where('id', '=', user.id), mustChange: 'one' }]);
    assert.equal((await findUser(db, user.id))?.secondFactor, 'active');
  });
});
