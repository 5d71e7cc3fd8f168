/** Opens the database that the configuration names, ready for use. @module */
import type { Database } from './database.ts';

export interface OpenOptions {
  /** `postgres://…`, or null: the embedded database in `dataDir`. */
  readonly url: string | null;
  readonly dataDir: string;
  readonly log: (level: 'info' | 'warn' | 'error', message: string, detail: Record<string, unknown>) => void;
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
  throw new Error(`not there yet: ${options.dataDir}`);
}
