/** Guarantees of the tests' own PostgreSQL. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { createDatabase } from './postgres.ts';

test('a created database is a real, empty PostgreSQL 18 of its own, and is gone when dropped', async () => {
  const [one, other] = await Promise.all([createDatabase(), createDatabase()]);
  assert.notEqual(one.url, other.url);
  const client = new pg.Client({ connectionString: one.url });
  await client.connect();
  const { rows } = await client.query<{ version: string }>('select version()');
  assert.match(rows[0]?.version ?? '', /^PostgreSQL \d+/);
  await client.query('create table only_here (id integer)');
  await client.end();
  await Promise.all([one.drop(), other.drop()]);
  await assert.rejects(new pg.Client({ connectionString: one.url }).connect(), /does not exist/);
});
