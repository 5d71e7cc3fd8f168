/** Opens a PostgreSQL. @module */
import type { Database } from '../database.ts';
import type { OpenOptions } from '../open.ts';

export async function openPostgresql(_url: string, _options: OpenOptions): Promise<Database> {
  throw new Error('not there yet');
}
