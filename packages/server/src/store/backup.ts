/** Copies of the embedded database: made and put back, while the server runs or not. @module */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DatabaseRefused } from './database.ts';
import { translateError } from './sqlite/errors.ts';
import { databaseFile, requireOurs } from './sqlite/file.ts';
import { prepareReplacement, replaceContent } from './sqlite/replacement.ts';

export interface Backup {
  /** One sentence for who asked. */
  readonly message: string;
  readonly bytes: number;
}

/**
 * Writes a copy of the database as of this moment; a file that is there already is replaced at the very end.
 *
 * The copy is readable by its owner only: it holds password hashes, and keys sealed by the master key, which is not in it.
 *
 * @param dataDir of the server, which goes on writing meanwhile
 * @throws {DatabaseRefused} with a sentence; `to` is then as it was
 */
export async function backupDatabase({ dataDir, to }: { dataDir: string; to: string }): Promise<Backup> {
  const file = databaseFile(dataDir);
  if (!existsSync(file)) throw new DatabaseRefused(`There is no database in ${dataDir}.`);
  const target = resolve(to);
  const unfinished = `${target}.${randomUUID()}.unfinished`;
  try {
    copyDatabase(file, unfinished);
    flush(unfinished);
    renameSync(unfinished, target);
    flush(dirname(target));
  } catch (error) {
    throw refusal('The backup could not be made', error);
  } finally {
    rmSync(unfinished, { force: true });
  }
  const bytes = statSync(target).size;
  return { message: `Backed up ${file} to ${target} (${bytes} bytes).`, bytes };
}

export interface RestoreOptions {
  /** Of the server, which may be running. */
  readonly dataDir: string;
  /** A file made by {@link backupDatabase}. */
  readonly from: string;
  /**
   * `end`: every session of the backup ends, because it cannot know which were revoked or renewed after it was made.
   * `keep`: they live on, and who was logged out since then is logged in again.
   */
  readonly keepSessions: 'end' | 'keep';
  readonly nowMs: number;
}

/**
 * Replaces everything in the database by what the backup holds, in one transaction: a crash leaves the old data. A
 * running server goes on with the new data by its next statement.
 *
 * @throws {DatabaseRefused} with a sentence; nothing has changed
 */
export async function restoreDatabase(options: RestoreOptions): Promise<{ readonly message: string }> {
  const { dataDir, from, keepSessions, nowMs } = options;
  if (!existsSync(from)) throw new DatabaseRefused(`There is no file ${from}.`);
  // A copy, because an older backup has to be brought to the newest shape, and the backup itself stays as it is.
  const copy = join(dataDir, `restore-${randomUUID()}.unfinished`);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    makePrivateFile(copy);
    copyFileSync(from, copy);
    prepareReplacement(copy, from, nowMs);
    replaceContent(databaseFile(dataDir), copy, keepSessions, nowMs);
  } catch (error) {
    throw refusal('Nothing was restored', error);
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(copy + suffix, { force: true });
  }
  const sessions = keepSessions === 'end' ? 'Everybody has to sign in again.' : 'Its sessions live on.';
  return { message: `Restored ${from} into ${dataDir}. ${sessions}` };
}

function copyDatabase(file: string, to: string): void {
  const connection = new DatabaseSync(file, { timeout: 10_000 });
  try {
    requireOurs(connection, file);
    makePrivateFile(to);
    connection.prepare('vacuum into ?').run(to);
  } finally {
    connection.close();
  }
}

/** SQLite would let others read what it makes; a file that is there and empty it takes as it is. */
function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'wx', 0o600));
}

function flush(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function refusal(what: string, thrown: unknown): DatabaseRefused {
  if (thrown instanceof DatabaseRefused) return thrown;
  const error = translateError(thrown);
  return new DatabaseRefused(`${what}: ${error instanceof Error ? error.message : String(error)}.`, {
    cause: thrown,
  });
}
