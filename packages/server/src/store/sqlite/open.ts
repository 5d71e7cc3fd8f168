/** Opens the embedded database. @module */
import type { Database } from '../database.ts';
import type { OpenOptions } from '../open.ts';
import { SqliteDatabase } from './database.ts';
import { databaseFile, lockDirectory, migrate, openFile } from './file.ts';

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
