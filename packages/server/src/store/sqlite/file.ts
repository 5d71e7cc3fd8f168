/** The embedded database's file: opened, locked against a second server, brought to the newest shape. @module */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DatabaseRefused } from '../database.ts';
import { engineWords } from '../migrations/migration.ts';
import { createMigrationsTable, pendingMigrations } from '../migrations/pending.ts';
import { sqliteCode, translateError } from './errors.ts';

/** `TESS`: tells a database of ours from other programs'. @see https://sqlite.org/pragma.html#pragma_application_id */
const applicationId = 0x54455353;

export function databaseFile(dataDir: string): string {
  return join(dataDir, 'tessera.db');
}

/**
 * Opens a database file, making it if it is not there.
 *
 * @throws {DatabaseRefused} when it is another program's
 */
export function openFile(file: string): DatabaseSync {
  let connection: DatabaseSync | null = null;
  try {
    // Made by us where it is not there, because SQLite would let others read it.
    closeSync(openSync(file, 'a', 0o600));
    connection = new DatabaseSync(file, { timeout: busyTimeoutMs });
    requireOurs(connection, file);
    connection.exec(settings);
    return connection;
  } catch (error) {
    connection?.close();
    throw translateError(error);
  }
}

/**
 * - `page_size` (bytes): a changed session costs a page in the log; smaller ones make the tree too deep. For new files.
 * - `synchronous`: every commit waits for the disk, so that what was answered survives a loss of power.
 * - `cache_size` (KiB, as it is negative): grows only as far as it is used. Holds the sessions in use among millions.
 * - `wal_autocheckpoint` (pages): rarely enough that fewer than one renewal in a hundred waits for it.
 */
const settings =
  'pragma page_size = 2048; pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -131072; pragma wal_autocheckpoint = 8000';

/**
 * How long a statement waits for another process, with the whole server waiting along. Only backup and restore are
 * such processes; while one writes for longer, requests are told to come again.
 */
const busyTimeoutMs = 250;

/** @throws {DatabaseRefused} when the file is another program's; an empty one is nobody's yet */
export function requireOurs(connection: DatabaseSync, file: string): void {
  const isEmpty = connection.prepare('select 1 from sqlite_schema limit 1').get() === undefined;
  if (!isOurs(connection) && !isEmpty)
    throw new DatabaseRefused(`${file} is the database of another program.`);
}

export function isOurs(connection: DatabaseSync): boolean {
  const { application_id: id } = connection.prepare('pragma application_id').get() as {
    application_id: number;
  };
  return id === applicationId;
}

/**
 * Applies the migrations that the file lacks, in one transaction.
 *
 * @throws {DatabaseRefused} when the file was made by a newer version
 */
export function migrate(connection: DatabaseSync, nowMs: number): void {
  connection.exec('begin immediate');
  try {
    connection.exec(createMigrationsTable);
    const remember = connection.prepare('insert into migrations (name, applied_at_ms) values (?, ?)');
    for (const { name, statements } of pendingMigrations(appliedMigrations(connection))) {
      connection.exec(`pragma application_id = ${applicationId}`);
      for (const statement of statements(engineWords.sqlite)) connection.exec(statement);
      remember.run(name, nowMs);
    }
    connection.exec('commit');
  } catch (error) {
    if (connection.isTransaction) connection.exec('rollback');
    throw translateError(error);
  }
}

export function appliedMigrations(connection: DatabaseSync): string[] {
  const rows = connection.prepare('select name from migrations').all() as { name: string }[];
  return rows.map(({ name }) => name);
}

/**
 * Takes the data directory for this server, until `close`.
 *
 * The lock is an open transaction on a database of its own: the operating system ends it with the process, however
 * that ends.
 *
 * @throws {DatabaseRefused} when another server has it
 */
export function lockDirectory(dataDir: string): { close(): void } {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'tessera.lock');
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    if (sqliteCode(error) !== sqliteBusy) throw translateError(error);
    throw new DatabaseRefused(
      `Another Tessera server is using ${dataDir}. Stop it, or give this one its own data directory; several servers can share a PostgreSQL.`,
      { cause: error },
    );
  }
  return lock;
}

const sqliteBusy = 5;
