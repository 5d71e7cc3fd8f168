/** One process at a time renews a secret. @module */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { LockError, withProcessLock } from '../files/process-lock.ts';
import type { Vaults } from '../vaults/create-vaults.ts';
import { VaultError } from '../vaults/vault-error.ts';
import type { PairPlace } from './stored-pair.ts';

const waitMs = 20_000;

/** @throws {VaultError} `unavailable`: another process holds it for long; `read_only`: it cannot be taken here */
export async function withSecretLock<T>(
  vaults: Vaults,
  place: PairPlace,
  work: () => Promise<T>,
): Promise<T> {
  const { vault, secret } = place;
  const name = createHash('sha256').update(`${vault.name}\0${secret}`).digest('hex').slice(0, 32);
  const path = join(vaults.folder, 'locks', `${name}.lock`);
  try {
    return await withProcessLock(path, { waitMs, nowMs: vaults.nowMs }, work);
  } catch (error) {
    if (!(error instanceof LockError)) throw error;
    if (error.reason === 'held')
      throw new VaultError(
        'unavailable',
        `another process has been renewing "${secret}" for long; run this again, or remove ${path} if none is running`,
      );
    throw new VaultError(
      'read_only',
      `"${secret}" is not renewed: ${error.message}; make that folder writable`,
    );
  }
}
