/** Opens the database that the configuration names, ready for use. @module */
import type { Database } from './database.ts';
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
  if (options.url === null) return openSqlite(options);
  // Its client is loaded only where it is used: a start is felt.
  const { openPostgresql } = await import('./postgresql/open.ts');
  return openPostgresql(options.url, options);
}
