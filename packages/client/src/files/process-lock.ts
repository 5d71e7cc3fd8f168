/** A lock file, for processes that read, change and write the same thing. @module */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pauseMs = 25;
/** A holder on another machine cannot be asked whether it lives; nobody holds the lock for so long. */
const abandonedMs = 10 * 60_000;
/** To take over is the work of a moment. */
const diedTakingOverMs = 10_000;

/** The lock could not be taken. */
export class LockError extends Error {
  override readonly name: 'LockError' = 'LockError';
  /** The lock file. */
  readonly path: string;
  /** `held`: by somebody who lives; else what the system said, such as `EROFS`. */
  readonly reason: string;

  constructor(what: 'lock' | 'folder', path: string, reason: string) {
    super(
      reason === 'held' ? `another process holds ${path}` : `cannot make the ${what} ${path} (${reason})`,
    );
    this.path = path;
    this.reason = reason;
  }
}

export interface LockTimes {
  readonly waitMs: number;
  readonly nowMs: () => number;
}

/**
 * Runs `work` while no other process does so with the same lock. A dead holder's lock is taken over.
 *
 * @param lock the lock file; its folder is made where it is missing, with mode 0700
 * @throws {LockError} somebody else holds the lock for `waitMs`, or it cannot be made
 */
export async function withProcessLock<T>(
  lock: string,
  { waitMs, nowMs }: LockTimes,
  work: () => Promise<T>,
): Promise<T> {
  const mine = [process.pid, hostname(), randomBytes(8).toString('hex'), birthOf(process.pid)].join(' ');
  makeFolder(dirname(lock));
  const giveUpAtMs = nowMs() + waitMs;
  while (!tryLock(lock, mine)) {
    removeIfAbandoned(lock, nowMs());
    if (nowMs() > giveUpAtMs) throw new LockError('lock', lock, 'held');
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
    throw new LockError('folder', path, (error as NodeJS.ErrnoException).code ?? 'unknown reason');
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
    throw new LockError('lock', lock, code ?? 'unknown reason');
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Only who holds the takeover removes a lock that is not its own, so what is removed is what was looked at: of many who
 * wait for a dead holder, none takes away the lock that another has just got.
 */
function removeIfAbandoned(lock: string, nowMs: number): void {
  const text = readLock(lock);
  if (text === null || !isAbandoned(lock, text, nowMs)) return;
  const takeover = `${lock}.takeover`;
  if (!tryLock(takeover, text)) {
    const stats = statSync(takeover, { throwIfNoEntry: false });
    if (stats !== undefined && nowMs - stats.mtimeMs > diedTakingOverMs) rmSync(takeover, { force: true });
    return;
  }
  try {
    if (readLock(lock) === text) rmSync(lock, { force: true });
  } finally {
    rmSync(takeover, { force: true });
  }
}

function isAbandoned(lock: string, text: string, nowMs: number): boolean {
  const [pid = '', host = '', , birth = ''] = text.trim().split(' ');
  if (host === hostname() && /^\d+$/.test(pid)) return !isAlive(Number(pid), birth);
  const stats = statSync(lock, { throwIfNoEntry: false });
  return stats !== undefined && nowMs - stats.mtimeMs > abandonedMs;
}

/** @param birth of the process that is meant; empty: not known, and any process of that number will do */
function isAlive(pid: number, birth: string): boolean {
  const now = birthOf(pid);
  // A number is given again: in a container that was started anew, to the very next program.
  if (birth !== '' && now !== '' && birth !== now) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, in ticks since the machine did (proc_pid_stat(5), field 22); empty where that is not told. */
function birthOf(pid: number): string {
  const stat = readLock(`/proc/${pid}/stat`) ?? '';
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function readLock(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

const uniqueName = (lock: string): string => `${lock}.${process.pid}.${randomBytes(6).toString('hex')}`;
