/** Opens the database that the configuration names, ready for use. @module */
import type { Database } from './database.ts';
import { openPostgresql } from './postgresql/open.ts';
import { openSqlite } from './sqlite/open.ts';

export type Log = (
  level: 'info' | 'warn' | 'error',
  message: string,
  detail: Record<string, unknown>,
) => void;

export interface OpenOptions {
  /** `postgres://…`, or null: the embedded database in `dataDir`. */
  readonly url: string | null;
  readonly dataDir: string;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Most writes that share one commit of the embedded database; 1: a commit for each. */
  readonly maxGroupSize?: number;
}

/**
 * Opens the database and applies the migrations that it lacks.
 *
 * @throws {DatabaseRefused} with a sentence for the operator
 * @throws {DatabaseUnavailable}
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  return options.url === null ? openSqlite(options) : openPostgresql(options.url, options);
}
