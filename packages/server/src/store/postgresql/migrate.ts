/** Brings a PostgreSQL database to the newest shape. @module */
import type pg from 'pg';
import { engineWords } from '../migrations/migration.ts';
import { createMigrationsTable, pendingMigrations } from '../migrations/pending.ts';
import { transact } from './pool.ts';

/** Any number of ours: whoever starts second waits for the first on it. */
const advisoryLock = 8420_0001;

/**
 * Applies the migrations that the database lacks, once however many servers start together.
 *
 * @throws {DatabaseRefused} when the database was made by a newer version
 */
export async function migrate(pool: pg.Pool, nowMs: number): Promise<void> {
  await transact(pool, async (client) => {
    await client.query('set local statement_timeout = 0');
    await client.query('select pg_advisory_xact_lock($1)', [advisoryLock]);
    await client.query(createMigrationsTable);
    const { rows } = await client.query<{ name: string }>('select name from migrations');
    for (const { name, statements } of pendingMigrations(rows.map((row) => row.name))) {
      for (const statement of statements(engineWords.postgresql)) await client.query(statement);
      await client.query('insert into migrations (name, applied_at_ms) values ($1, $2)', [name, nowMs]);
    }
  });
}
