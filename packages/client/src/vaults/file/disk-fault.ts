/** Why a vault file could not be written, and what helps. @module */
import { LockError } from '../../files/process-lock.ts';
import { VaultError } from '../vault-error.ts';
import type { VaultFile } from './vault-file.ts';

/** @throws {VaultError} for what the system refuses; all other errors as they are */
export async function writing(file: VaultFile, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw error instanceof LockError ? lockFault(error, file) : writeFault(error, file);
  }
}

function lockFault({ reason, path, message }: LockError, { vault }: VaultFile): VaultError {
  if (reason !== 'held') return diskFault(reason, vault, message);
  return new VaultError(
    'unavailable',
    `another process holds the vault "${vault}" for long; remove ${path} if none is running`,
  );
}

function writeFault(error: unknown, { vault, path }: VaultFile): unknown {
  const isSystemError = error instanceof Error && 'syscall' in error && 'code' in error;
  return isSystemError ? diskFault(String(error.code), vault, `cannot write ${path} (${error.code})`) : error;
}

const full: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const readOnly: ReadonlySet<string> = new Set(['EROFS', 'EACCES', 'EPERM']);

function diskFault(code: string, vault: string, what: string): VaultError {
  if (full.has(code))
    return new VaultError('unavailable', `the vault "${vault}" ${what}: the disk is full; make room on it`);
  if (readOnly.has(code))
    return new VaultError(
      'read_only',
      `the vault "${vault}" ${what}: make that folder writable, or use another vault`,
    );
  return new VaultError('unavailable', `the vault "${vault}" ${what}`);
}
