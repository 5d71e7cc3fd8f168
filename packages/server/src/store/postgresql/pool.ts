/** Connections to PostgreSQL, with limits that keep a dead server from holding anybody. @module */
import type { CompiledQuery } from 'kysely';
import pg from 'pg';
import { WriteConflict } from '../database.ts';
import type { Log } from '../open.ts';
import { translateError } from './errors.ts';

/** `bigint`, which `pg` would give as text: our times and counts are far below 2⁵³. */
const int8 = 20;

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

export function connect(url: string, log: Log): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'tessera',
    types,
    // More do not help on a few cores: each group of calls needs one.
    max: 16,
    connectionTimeoutMillis: 2000,
    // The server gives up first; the second limit is for a server that does not answer at all.
    statement_timeout: 5000,
    query_timeout: 6000,
    keepAlive: true,
  });
  // A connection lost while idle; without a listener it would end the process.
  pool.on('error', (error) => log('warn', 'lost a connection to PostgreSQL', { reason: error.message }));
  return pool;
}

export async function run<Row extends pg.QueryResultRow>(
  on: pg.Pool | pg.PoolClient,
  { sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>,
): Promise<pg.QueryResult<Row>> {
  return on.query<Row>(sql, parameters as unknown[]);
}

/** All of `work`, or nothing. */
export async function transact<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    throw translateError(error);
  }
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    await rollBack(client);
    throw translateError(error);
  }
}

/** A connection that cannot even do this is not used again. */
async function rollBack(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('rollback');
    client.release();
  } catch {
    client.release(true);
  }
}

/** @throws {WriteConflict} */
export function requireOneRow(changed: number | null): void {
  if (changed !== 1) throw new WriteConflict(`a statement had to change one row and changed ${changed}`);
}
