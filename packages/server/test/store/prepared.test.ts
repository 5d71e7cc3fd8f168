/** Queries compiled once: each run has the values it was given. On both engines. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UserId } from '../../src/domain/ids.ts';
import { prepared } from '../../src/store/prepared.ts';
import { writeTarget } from '../../src/store/sqlite/write-target.ts';
import { onBothEngines } from './engines.ts';

const rename = prepared((queries, { id, name }: { name: string; id: UserId }) =>
  queries.updateTable('users').set({ name, full_name: name, enabled: 1 }).where('id', '=', id),
);

const [ann, bob] = ['a' as UserId, 'b' as UserId];

onBothEngines('a prepared query', (store) => {
  test('is built once, and has the values of its own run in their places', () => {
    let built = 0;
    const find = prepared((queries, { id }: { id: UserId }) => {
      built++;
      return queries.selectFrom('users').select('username').where('id', '=', id);
    });
    const [first, second] = [find(store.db, { id: ann }).compile(), find(store.db, { id: bob }).compile()];
    assert.equal(built, 1);
    assert.equal(first.sql, second.sql);
    assert.deepEqual([first.parameters, second.parameters], [[ann], [bob]]);
  });

  test('may use a value twice, and values that are always the same', () => {
    const { parameters } = rename(store.db, { id: ann, name: 'Ann' }).compile();
    assert.deepEqual(parameters, ['Ann', 'Ann', 1, ann]);
  });

  test('tells which row it writes to, and which of its columns', () => {
    for (const id of [ann, bob]) {
      const target = writeTarget(rename(store.db, { name: 'x', id }).compile());
      assert.deepEqual(target, {
        table: 'users',
        rows: 'old',
        id,
        columns: ['name', 'full_name', 'enabled'],
      });
    }
  });
});
