/** PostgreSQL databases for tests: a fresh one per test file or server, on the run's one cluster. @module */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Cluster, startCluster } from './cluster.ts';

/** A database of its own, empty. */
export interface Database {
  readonly url: string;
  /** Removes it, ending whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * Creates an empty database on the cluster of `TEST_DATABASE_URL`; without that variable, on a cluster that
 * lives as long as this test file.
 */
export async function createDatabase(): Promise<Database> {
  const clusterUrl = process.env.TEST_DATABASE_URL || (await ownCluster()).url;
  const name = `tessera_test_${randomBytes(8).toString('hex')}`;
  await query(clusterUrl, `CREATE DATABASE ${name}`);
  const url = new URL(clusterUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => query(clusterUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function query(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

let own: Promise<Cluster> | null = null;

/** Ends with this process: a hook of the test runner would end it before the hooks of the test file have run. */
function ownCluster(): Promise<Cluster> {
  if (own === null) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => process.exit(1));
    own = startCluster();
  }
  return own;
}
