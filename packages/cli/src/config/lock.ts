/** A lock file beside the configuration, for those who read, change and write it. @module */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalError } from '../program/errors.ts';

const waitMs = 60_000;
const pauseMs = 25;
/** A holder on another machine cannot be asked whether it lives; nobody holds the lock for so long. */
const abandonedMs = 10 * 60_000;

/**
 * Runs `work` while no other process does so for the same file.
 *
 * @throws {LocalError} somebody else holds the lock for a minute, or it cannot be made
 */
export async function withLock<T>(path: string, nowMs: () => number, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  const mine = `${process.pid} ${hostname()} ${randomBytes(8).toString('hex')}\n`;
  makeFolder(dirname(lock));
  const giveUpAtMs = nowMs() + waitMs;
  while (!tryLock(lock, mine)) {
    removeIfAbandoned(lock, nowMs());
    if (nowMs() > giveUpAtMs) {
      throw new LocalError(`another login or logout holds ${lock}; remove it if none is running`);
    }
    await sleep(pauseMs);
  }
  try {
    return await work();
  } finally {
    if (readLock(lock) === mine) rmSync(lock, { force: true });
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new LocalError(`cannot make the folder ${path} (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** A link, so that the lock is never there without its text. */
function tryLock(lock: string, mine: string): boolean {
  const own = uniqueName(lock);
  try {
    writeFileSync(own, mine, { flag: 'wx', mode: 0o600 });
    linkSync(own, lock);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw new LocalError(`cannot make ${lock} (${code})`);
  } finally {
    rmSync(own, { force: true });
  }
}

function removeIfAbandoned(lock: string, nowMs: number): void {
  const text = readLock(lock);
  if (text === null || !isAbandoned(lock, text, nowMs)) return;
  const aside = uniqueName(lock);
  try {
    renameSync(lock, aside);
    // Somebody else was quicker, and this is already the next holder's: put it back.
    if (readLock(aside) !== text) linkSync(aside, lock);
  } catch {
    // Gone meanwhile: the next try will tell.
  } finally {
    rmSync(aside, { force: true });
  }
}

function isAbandoned(lock: string, text: string, nowMs: number): boolean {
  const [pid = '', host = ''] = text.trim().split(' ');
  if (host === hostname() && /^\d+$/.test(pid)) return !isAlive(Number(pid));
  const stats = statSync(lock, { throwIfNoEntry: false });
  return stats !== undefined && nowMs - stats.mtimeMs > abandonedMs;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readLock(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

const uniqueName = (lock: string): string => `${lock}.${process.pid}.${randomBytes(6).toString('hex')}`;
