/** The two halves of a restore: is this copy fit, and put its content in place of the old. @module */
import { DatabaseSync } from 'node:sqlite';
import { DatabaseRefused, DatabaseUnavailable } from '../database.ts';
import { translateError } from './errors.ts';
import { isOurs, migrate, openFile } from './file.ts';

/**
 * Checks a copy of a backup, and brings it to the newest shape.
 *
 * @param name what to call it in messages
 * @throws {DatabaseRefused}
 */
export function prepareReplacement(copy: string, name: string, nowMs: number): void {
  let connection: DatabaseSync | null = null;
  try {
    connection = new DatabaseSync(copy);
    if (!isOurs(connection)) throw new DatabaseRefused(`${name} is not a backup of a Tessera database.`);
    const [first] = connection.prepare('pragma integrity_check(1)').all() as { integrity_check: string }[];
    if (first?.integrity_check !== 'ok') throw new DatabaseRefused(`${name} is damaged.`);
    migrate(connection, nowMs);
  } catch (thrown) {
    const error = translateError(thrown);
    if (!(error instanceof DatabaseUnavailable)) throw error;
    throw new DatabaseRefused(`${name} is damaged, or not a backup of a Tessera database.`, { cause: error });
  } finally {
    connection?.close();
  }
}

/** Replaces all rows of the database by those of the prepared copy, in one transaction. */
export function replaceContent(file: string, copy: string, sessions: 'end' | 'keep', nowMs: number): void {
  const connection = openFile(file);
  try {
    // The server writes in between, never for long.
    connection.exec('pragma busy_timeout = 10000; pragma foreign_keys = off');
    migrate(connection, nowMs);
    connection.prepare('attach ? as backup').run(copy);
    connection.exec('begin immediate');
    const version = versionOf(connection);
    for (const table of tablesOf(connection))
      connection.exec(`delete from main.${table}; insert into main.${table} select * from backup.${table}`);
    // Whoever knows the configuration by its version must see that it is another one.
    connection.prepare('update main.configuration set version = max(version, ?) + 1').run(version);
    if (sessions === 'end') endSessions(connection, nowMs);
    connection.exec('commit');
  } finally {
    // Without a commit, closing undoes everything.
    connection.close();
  }
}

function versionOf(connection: DatabaseSync): number {
  const row = connection.prepare('select version from main.configuration').get() as { version: number };
  return row.version;
}

function endSessions(connection: DatabaseSync, nowMs: number): void {
  const text = `update main.sessions set version = version + 1, ended_at_ms = ?, end_reason = 'restored_from_backup'
    where ended_at_ms is null`;
  connection.prepare(text).run(nowMs);
}

/** Both databases have the same ones, being of the same shape. */
function tablesOf(connection: DatabaseSync): string[] {
  const text = `select name from backup.sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'`;
  const rows = connection.prepare(text).all() as { name: string }[];
  return rows.map(({ name }) => name);
}
