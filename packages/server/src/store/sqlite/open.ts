/** Opens the embedded database. @module */
import { existsSync } from 'node:fs';
import { type Database, DatabaseRefused } from '../database.ts';
import { pendingMigrations } from '../migrations/pending.ts';
import type { OpenOptions } from '../open.ts';
import { SqliteDatabase } from './database.ts';
import { appliedMigrations, databaseFile, lockDirectory, migrate, openFile } from './file.ts';

/** Enough to hide the disk's flush, few enough not to hold up the event loop. */
const usualGroupSize = 256;

/** @throws {DatabaseRefused | DatabaseUnavailable} */
export function openSqlite({ dataDir, clock, maxGroupSize = usualGroupSize }: OpenOptions): Database {
  const lock = lockDirectory(dataDir);
  try {
    const connection = openFile(databaseFile(dataDir));
    migrate(connection, clock());
    return new SqliteDatabase(connection, { maxGroupSize, onClose: () => lock.close() });
  } catch (error) {
    lock.close();
    throw error;
  }
}

/**
 * Opens the file as a second process, one write a commit. The lock stays with the server.
 *
 * @throws {DatabaseRefused} when there is no database, or one of an older shape, which only a server brings up to date
 */
export function openSqliteBeside(dataDir: string): Database {
  const file = databaseFile(dataDir);
  if (!existsSync(file))
    throw new DatabaseRefused(
      `There is no database in ${dataDir}: start the server there once, or name another directory.`,
    );
  const connection = openFile(file);
  try {
    if (pendingMigrations(appliedMigrations(connection)).length > 0)
      throw new DatabaseRefused(
        `The database in ${dataDir} is of an older version: start the new server there once.`,
      );
    return new SqliteDatabase(connection, { maxGroupSize: 1, onClose: () => {} });
  } catch (error) {
    connection.close();
    throw error;
  }
}
