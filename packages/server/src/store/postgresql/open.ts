/** Opens a PostgreSQL. @module */
import type { Database } from '../database.ts';
import type { OpenOptions } from '../open.ts';
import { PostgresqlDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { connect } from './pool.ts';

/** @throws {DatabaseRefused | DatabaseUnavailable} */
export async function openPostgresql(url: string, { log, clock }: OpenOptions): Promise<Database> {
  const pool = connect(url, log);
  try {
    await migrate(pool, clock());
    return new PostgresqlDatabase(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
}
