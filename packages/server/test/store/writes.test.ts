/** Guarantees of `write`, on both engines. @module */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { UserId } from '../../src/domain/ids.ts';
import { DuplicateRow, WriteConflict } from '../../src/store/database.ts';
import { insertSession } from '../../src/store/sessions.ts';
import { findUser, insertUser, updateUser } from '../../src/store/users.ts';
import { changesOne } from '../../src/store/write.ts';
import { onBothEngines } from './engines.ts';
import { aSession, aUser } from './records.ts';

onBothEngines('a write', (store) => {
  test('whose last statement fails leaves nothing of the others', async () => {
    const { db } = store;
    const [first, second] = [aUser(), aUser()];
    await db.write([insertUser(db, first)]);
    await assert.rejects(db.write([insertUser(db, second), insertUser(db, first)]), DuplicateRow);
    assert.equal(await findUser(db, second.id), null);
  });

  test('fails when a statement that must change one row changes none', async () => {
    const { db } = store;
    const [user, gone] = [aUser(), aUser()];
    await assert.rejects(db.write([insertUser(db, user), updateUser(db, gone)]), WriteConflict);
    assert.equal(await findUser(db, user.id), null);
  });

  test('fails, and changes nothing, when a statement that must change one row changes two', async () => {
    const { db } = store;
    const users = [aUser({ name: 'before' }), aUser({ name: 'before' })];
    await db.write(users.map((user) => insertUser(db, user)));
    const ids = users.map(({ id }) => id);
    const rename = db.queries.updateTable('users').set({ name: 'after' }).where('id', 'in', ids);
    await assert.rejects(db.write([changesOne(rename)]), WriteConflict);
    for (const { id } of users) assert.equal((await findUser(db, id))?.name, 'before');
  });

  test('is a conflict when the row that it hangs on is gone', async () => {
    const { db } = store;
    await assert.rejects(db.write([insertSession(db, aSession(randomUUID() as UserId))]), WriteConflict);
  });

  test('that fails does no harm to those of the same turn', async () => {
    const { db } = store;
    const taken = aUser();
    await db.write([insertUser(db, taken)]);
    const users = Array.from({ length: 20 }, () => aUser());
    const outcomes = await Promise.allSettled(
      users.map((user, index) => {
        if (index === 3) return db.write([insertUser(db, user), insertUser(db, taken)]);
        if (index === 7) return db.write([insertUser(db, user), updateUser(db, aUser())]);
        return db.write([insertUser(db, user)]);
      }),
    );
    for (const [index, user] of users.entries()) {
      const failed = index === 3 || index === 7;
      assert.equal(outcomes[index]?.status, failed ? 'rejected' : 'fulfilled');
      assert.equal((await findUser(db, user.id)) === null, failed);
    }
  });

  test('of no statement does nothing', async () => {
    await store.db.write([]);
  });
});
