/** The keychain of the operating system: Credential Manager, Keychain, or a Secret Service. @module */
import { join } from 'node:path';
import { withProcessLock } from '../../files/process-lock.ts';
import { existsAlready, requireSecretName } from '../names.ts';
import type { SecretVault } from '../secret-vault.ts';
import { type Keyring, openKeyring } from './keyring.ts';
import { newSealingKey, readSealed, removeSealed, type SealedFolder, writeSealed } from './sealed-value.ts';

export interface KeychainVaultOptions {
  readonly name: string;
  /** Folder for values that are too long for an entry, beside the file vault. */
  readonly sealedFolder: string;
  readonly platform: NodeJS.Platform;
}

/** Of Windows, where an entry's text is UTF-16 (CRED_MAX_CREDENTIAL_BLOB_SIZE). */
const longestWindowsEntryBytes = 2560;

/** Names of secrets never begin so: a control character is no part of a name. */
const sealingKeyAccount = '\u0001sealing-key';
/** In place of a value that lies in a file. */
const sealedMark = '\u0001sealed';

export function keychainVault({ name: vault, sealedFolder, platform }: KeychainVaultOptions): SecretVault {
  const keyring = openKeyring(`tessera:${vault}`, vault);
  const folder: SealedFolder = { path: sealedFolder, vault };
  const isTooLong = (value: string): boolean =>
    platform === 'win32' && Buffer.byteLength(value, 'utf16le') > longestWindowsEntryBytes;
  return {
    name: vault,
    kind: 'keychain',
    writable: true,
    get: async (name) => {
      const entry = await keyring.get(name);
      return entry === sealedMark
        ? readSealed(folder, name, (await keyring.get(sealingKeyAccount)) ?? '')
        : entry;
    },
    set: async (name, value, { noClobber = false } = {}) => {
      requireSecretName(name);
      if (noClobber && (await keyring.get(name)) !== null) throw existsAlready(vault, name);
      if (isTooLong(value)) {
        writeSealed(folder, name, value, await sealingKey(keyring, folder));
        await keyring.set(name, sealedMark);
      } else {
        await keyring.set(name, value);
        removeSealed(folder, name);
      }
    },
    delete: async (name) => {
      const isDeleted = await keyring.delete(name);
      removeSealed(folder, name);
      return isDeleted;
    },
    list: async () =>
      (await keyring.accounts()).filter((account) => account !== sealingKeyAccount).toSorted(),
    // Asks the service, and unlocks it where somebody can be asked.
    prepareWrite: async (name) => {
      await keyring.get(name);
    },
  };
}

/** Made once: of two that were made at the same time, one would be lost with all that it has sealed. */
async function sealingKey(keyring: Keyring, { path }: SealedFolder): Promise<string> {
  const lock = join(path, '.sealing-key.lock');
  return withProcessLock(lock, { waitMs: 20_000, nowMs: Date.now }, async () => {
    const kept = await keyring.get(sealingKeyAccount);
    if (kept !== null) return kept;
    const made = newSealingKey();
    await keyring.set(sealingKeyAccount, made);
    return made;
  });
}
