/** SQLite's error codes in the store's words. @module */
import { DatabaseUnavailable, DuplicateRow, WriteConflict } from '../database.ts';

/** Primary result codes that say the file cannot be used just now. @see https://sqlite.org/rescode.html */
const unavailable = new Map([
  [5, 'is locked by another process'],
  [6, 'is locked'],
  [7, 'has no memory'],
  [8, 'is read-only'],
  [10, 'cannot be read or written'],
  [11, 'is damaged'],
  [13, 'has no room left'],
  [14, 'cannot be opened'],
  [26, 'is not a database'],
]);

const uniqueViolations = new Set([2067, 1555, 2579]);
const foreignKeyViolation = 787;

/** What a caller of the store gets for an error of `node:sqlite`; anything else is given back as it is. */
export function translateError(error: unknown): unknown {
  const code = sqliteCode(error);
  if (code === null) return error;
  if (uniqueViolations.has(code)) return new DuplicateRow('the row is there already', { cause: error });
  if (code === foreignKeyViolation)
    return new WriteConflict('a row that this one needs is gone', { cause: error });
  const state = unavailable.get(code & 0xff);
  return state === undefined
    ? error
    : new DatabaseUnavailable(`the database file ${state}`, { cause: error });
}

/** The extended result code, or null when the error is not SQLite's. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode : null;
}
