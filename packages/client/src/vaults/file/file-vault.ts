/** Secrets in one encrypted file of one's own. @module */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Secret } from '@tessera/token';
import { PrivateFileError, readPrivateFile, requirePrivateFolder } from '../../files/private-file.ts';
import { withProcessLock } from '../../files/process-lock.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import { existsAlready, requireSecretName } from '../names.ts';
import type { SecretVault } from '../secret-vault.ts';
import { VaultError } from '../vault-error.ts';
import { writing } from './disk-fault.ts';
import {
  type KeyKind,
  keyKindOf,
  type PreparedKey,
  prepareKey,
  type Secrets,
  type VaultFile,
} from './vault-file.ts';
import { readKeyFile, type VaultKey } from './vault-key.ts';

export interface FileVaultOptions {
  /** As it is registered. */
  readonly name?: string;
  /** Of the file, which is made at first use, in a folder of its own. */
  readonly path: string;
  /** What opens it, or who is asked for that. */
  readonly unlock: Unlock;
  readonly platform?: NodeJS.Platform;
  readonly nowMs?: () => number;
}

export type Unlock =
  | { readonly passphrase: Secret | string }
  /** Path of a key file. */
  | { readonly keyFile: string }
  | VaultKey
  | FindKey;

/**
 * @param wanted `new`: the vault is made, and either will do
 * @throws {VaultError} `locked`: there is none
 */
export type FindKey = (wanted: KeyKind | 'new') => Promise<VaultKey>;

const maximumBytes = 64 * 1024 * 1024;
const waitMs = 20_000;
/** Room for one more secret, beyond what is there. */
const spareBytes = 64 * 1024;

export function fileVault(options: FileVaultOptions): SecretVault {
  const { name: vault = 'file', path, platform = process.platform, nowMs = Date.now } = options;
  const file: VaultFile = { path, vault };
  const keys = keysOf(options, file);
  const rules = { platform, maximumBytes };

  const readSealed = (): Buffer | null =>
    privately(file, () => {
      requirePrivateFolder(path, platform);
      return readPrivateFile(path, rules);
    });
  const load = async (): Promise<Loaded> => {
    const sealed = readSealed();
    if (sealed === null) return { secrets: new Map(), sealedBytes: 0, key: () => keys.prepare('new') };
    const kind = keyKindOf(sealed, file);
    const key = await keys.prepare(kind);
    try {
      return { secrets: await key.open(sealed), sealedBytes: sealed.length, key: async () => key };
    } catch (error) {
      keys.forget(kind);
      throw error;
    }
  };
  const change = async (decide: (secrets: Secrets) => Secrets | null): Promise<void> => {
    const sealed = readSealed();
    // Before the lock is taken: nobody shall wait for somebody to type a passphrase.
    await keys.prepare(sealed === null ? 'new' : keyKindOf(sealed, file));
    await writing(file, () =>
      withProcessLock(`${path}.lock`, { waitMs, nowMs }, async () => {
        const { secrets, key } = await load();
        const changed = decide(secrets);
        if (changed !== null) writeAtomically(path, await (await key()).seal(changed));
      }),
    );
  };
  return {
    name: vault,
    kind: 'file',
    writable: true,
    get: async (name) => (await load()).secrets.get(name) ?? null,
    set: async (name, value, { noClobber = false } = {}) => {
      requireSecretName(name);
      await change((secrets) => {
        if (noClobber && secrets.has(name)) throw existsAlready(vault, name);
        return new Map([...secrets, [name, value]]);
      });
    },
    delete: async (name) => {
      let isDeleted = false;
      await change((secrets) => {
        isDeleted = secrets.has(name);
        return isDeleted ? new Map([...secrets].filter(([other]) => other !== name)) : null;
      });
      return isDeleted;
    },
    list: async () => [...(await load()).secrets.keys()].toSorted(),
    prepareWrite: async () => {
      const { sealedBytes, key } = await load();
      await key();
      await writing(file, async () => tryToWrite(path, sealedBytes + spareBytes));
    },
  };
}

interface Loaded {
  readonly secrets: Secrets;
  readonly sealedBytes: number;
  /** Asked for only when it is needed: a vault that is not there yet is read without one. */
  readonly key: () => Promise<PreparedKey>;
}

interface Keys {
  /** Asks once for each kind, however often the vault is used. */
  prepare(wanted: KeyKind | 'new'): Promise<PreparedKey>;
  /** One that was wrong is asked for again. */
  forget(kind: KeyKind): void;
}

function keysOf({ unlock, platform = process.platform }: FileVaultOptions, file: VaultFile): Keys {
  const known = new Map<KeyKind, PreparedKey>();
  return {
    forget: (kind) => void known.delete(kind),
    prepare: async (wanted) => {
      const [remembered] = wanted === 'new' ? known.values() : [known.get(wanted)];
      if (remembered !== undefined) return remembered;
      const found = typeof unlock === 'function' ? await unlock(wanted) : givenKey(unlock, platform);
      const kind: KeyKind = found.kind === 'passphrase' ? 'passphrase' : 'key';
      if (wanted !== 'new' && wanted !== kind) throw otherKind(wanted, file);
      const prepared = await prepareKey(found, file);
      known.set(kind, prepared);
      return prepared;
    },
  };
}

function givenKey(unlock: Exclude<Unlock, FindKey>, platform: NodeJS.Platform): VaultKey {
  if ('keyFile' in unlock) return readKeyFile(unlock.keyFile, platform);
  if (!('passphrase' in unlock)) return unlock;
  const { passphrase } = unlock;
  return { kind: 'passphrase', text: passphrase instanceof Secret ? passphrase : new Secret(passphrase) };
}

function otherKind(needed: KeyKind, { vault, path }: VaultFile): VaultError {
  const [its, given] = needed === 'key' ? ['a key file', 'passphrase'] : ['a passphrase', 'key file'];
  return new VaultError(
    'denied',
    `the vault "${vault}" (${path}) is opened by ${its}, and a ${given} was given`,
  );
}

/** A file as long as the vault would be, written and flushed like it, and removed. */
function tryToWrite(path: string, bytes: number): void {
  const trial = join(dirname(path), `.trial.${randomBytes(6).toString('hex')}`);
  try {
    writeAtomically(trial, randomBytes(bytes));
  } finally {
    rmSync(trial, { force: true });
  }
}

function privately<T>({ vault }: VaultFile, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof PrivateFileError)
      throw new VaultError('denied', `the vault "${vault}": ${error.message}`);
    throw error;
  }
}
