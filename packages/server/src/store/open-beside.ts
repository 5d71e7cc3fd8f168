/** Opens a database for a command while its server may be running on it. @module */
import type { Database } from './database.ts';
import type { OpenOptions } from './open.ts';
import { openSqliteBeside } from './sqlite/open.ts';

/**
 * What it writes, a running server goes by with its next statement. Makes nothing that is not there.
 *
 * @throws {DatabaseRefused} with a sentence for the operator
 * @throws {DatabaseUnavailable}
 */
export async function openDatabaseBeside(options: OpenOptions): Promise<Database> {
  if (options.url === null) return openSqliteBeside(options.dataDir);
  const { openPostgresql } = await import('./postgresql/open.ts');
  return openPostgresql(options.url, options);
}
