/** The lock of a configuration file, for those who read, change and write it. @module */
import { LockError, withProcessLock } from '@tessera/client/files/process-lock';
import { LocalError } from '../program/errors.ts';

const waitMs = 60_000;

/**
 * Runs `work` while no other process does so for the same file.
 *
 * @throws {LocalError} somebody else holds the lock for a minute, or it cannot be made
 */
export async function withLock<T>(path: string, nowMs: () => number, work: () => Promise<T>): Promise<T> {
  try {
    return await withProcessLock(`${path}.lock`, { waitMs, nowMs }, work);
  } catch (error) {
    if (!(error instanceof LockError)) throw error;
    if (error.reason !== 'held') throw new LocalError(error.message);
    throw new LocalError(`another login or logout holds ${error.path}; remove it if none is running`);
  }
}
