/** Damage to a server's stored data, behind its back. @module */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { Server } from '../harness/server.ts';
import { databaseFiles } from '../harness/stored.ts';

/** Removes the secret of a user's second factor, and leaves the user as one who has a second factor. */
export async function loseSecondFactorSecret(server: Server, userId: string): Promise<void> {
  const changed =
    server.databaseUrl === null
      ? runOnSqlite(server.dataDir, 'delete from second_factors where user_id = ?', userId)
      : await runOnPostgres(server.databaseUrl, 'delete from second_factors where user_id = $1', userId);
  if (changed !== 1) throw new Error(`${changed} second factors were removed`);
}

function runOnSqlite(dataDir: string, sql: string, userId: string): number {
  const file = databaseFiles(dataDir).find(({ name }) => !/-(?:wal|shm)$/.test(name));
  if (file === undefined) throw new Error(`no database in ${dataDir}`);
  const database = new DatabaseSync(join(dataDir, file.name), { timeout: 5_000 });
  try {
    return Number(database.prepare(sql).run(userId).changes);
  } finally {
    database.close();
  }
}

async function runOnPostgres(url: string, sql: string, userId: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, [userId])).rowCount ?? 0;
  } finally {
    await client.end();
  }
}
