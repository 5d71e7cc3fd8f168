/** All that a server has stored, for looking at it from outside. @module */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { Server } from './server.ts';

/** A table's rows, each a record of column name and value. */
export type Rows = Record<string, unknown>[];

/** Every table of the server's database, whichever engine it is on. */
export async function readTables(server: Server): Promise<Map<string, Rows>> {
  return server.databaseUrl === null ? readSqlite(server.dataDir) : await readPostgres(server.databaseUrl);
}

/** The embedded database's files, its write-ahead log among them, as they lie on the disk. */
export function databaseFiles(dataDir: string): { name: string; bytes: Buffer }[] {
  const names = readdirSync(dataDir).filter((name) => /\.(?:db|sqlite3?)(?:-wal|-shm)?$/.test(name));
  return names.map((name) => ({ name, bytes: readFileSync(join(dataDir, name)) }));
}

function readSqlite(dataDir: string): Map<string, Rows> {
  const file = databaseFiles(dataDir).find(({ name }) => !/-(?:wal|shm)$/.test(name));
  if (file === undefined) throw new Error(`no database in ${dataDir}: ${readdirSync(dataDir)}`);
  const database = new DatabaseSync(join(dataDir, file.name), { readOnly: true });
  try {
    const tables = database.prepare("select name from sqlite_schema where type = 'table'").all();
    return new Map(
      tables.map(({ name }) => [String(name), database.prepare(`select * from "${name}"`).all()]),
    );
  } finally {
    database.close();
  }
}

async function readPostgres(url: string): Promise<Map<string, Rows>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      "select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables " +
        "where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')",
    );
    const found = new Map<string, Rows>();
    for (const { name } of tables.rows) found.set(name, (await client.query(`select * from ${name}`)).rows);
    return found;
  } finally {
    await client.end();
  }
}

/** The rows of the audit log with this action. */
export async function auditEntries(server: Server, action: string): Promise<Rows> {
  const tables = await readTables(server);
  const [, rows = []] = [...tables].find(([name]) => /audit/.test(name)) ?? [];
  return rows.filter((row) => row.action === action);
}
