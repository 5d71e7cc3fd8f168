/** All vaults of a user or of a program, in their order, one of them the default. @module */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../input-error.ts';
import type { AskPassphrase } from './file/find-key.ts';
import { keptKeysIn, runtimeFolder } from './file/kept-key.ts';
import { unlockFileVault } from './file/unlock.ts';
import { isVaultName } from './names.ts';
import {
  changeRegistrations,
  type Registration,
  type Registrations,
  readRegistrations,
} from './registration.ts';
import type { SecretReader, SecretVault, SetOptions } from './secret-vault.ts';
import { VaultError } from './vault-error.ts';
import { checkOptions, openVault, type VaultSurroundings } from './vault-kinds.ts';

export interface VaultsConfig {
  /** The user's configuration folder, with `vaults.json`; left out: `~/.tessera`. */
  readonly folder?: string;
  /** A program's own vaults in their order, the first of them the default; `vaults.json` is not looked at then. */
  readonly vaults?: readonly SecretVault[];
  /** Asks a human for a passphrase; left out: nobody is asked. */
  readonly ask?: AskPassphrase;
  readonly env?: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
  /** For what helper programs say. */
  readonly stderr?: NodeJS.WritableStream;
  readonly nowMs?: () => number;
}

export interface VaultEntry extends Registration {
  readonly isDefault: boolean;
}

export interface FoundSecret {
  readonly vault: SecretVault;
  readonly value: string;
}

export interface WriteOptions extends SetOptions {
  /** Null or left out: the default. */
  readonly vault?: string | null;
}

/** Reading asks the default vault first, then the others in order of registration; writing goes to the default. */
export interface Vaults extends SecretReader {
  /** Where registrations and locks are. */
  readonly folder: string;
  readonly nowMs: () => number;
  names(): readonly VaultEntry[];
  /** @param name null: the default @throws {VaultError} `not_found` */
  open(name: string | null): SecretVault;
  /** @param vault null: all of them, in their order */
  find(name: string, vault?: string | null): Promise<FoundSecret | null>;
  /** @returns the vault it was written to */
  set(name: string, value: string, options?: WriteOptions): Promise<SecretVault>;
  /** @throws {VaultError} `exists` @throws {InputError} a name or option that cannot be */
  register(registration: Registration): Promise<void>;
  /** Forgets the registration, not the contents. @throws {VaultError} `not_found` */
  unregister(name: string): Promise<void>;
  setDefault(name: string): Promise<void>;
  /** Keeps the key of a file vault, so that nobody is asked for so long; 0 forgets it. */
  unlock(name: string | null, minutes: number): Promise<void>;
}

export function createVaults(config: VaultsConfig = {}): Vaults {
  const around = surroundingsOf(config);
  const { folder, nowMs } = around;
  const book = config.vaults === undefined ? bookIn(folder, nowMs) : bookOf(config.vaults);
  const opened = new Map(config.vaults?.map((vault) => [vault.name, vault]));

  const requireEntry = (name: string | null): Registration => {
    const { defaultName, vaults } = book.read();
    const entry = vaults.find((one) => one.name === (name ?? defaultName));
    if (entry !== undefined) return entry;
    throw name === null ? noDefault() : unknownVault(name, vaults);
  };
  const open = (name: string | null): SecretVault => {
    const entry = requireEntry(name);
    const vault = opened.get(entry.name) ?? openVault(entry, around);
    opened.set(entry.name, vault);
    return vault;
  };
  const find = async (name: string, from: string | null = null): Promise<FoundSecret | null> => {
    for (const vault of from === null ? inOrder(book.read()).map(open) : [open(from)]) {
      const value = await vault.get(name);
      if (value !== null) return { vault, value };
    }
    return null;
  };
  return {
    folder,
    nowMs,
    names: () => {
      const { defaultName, vaults } = book.read();
      return vaults.map((entry) => ({ ...entry, isDefault: entry.name === defaultName }));
    },
    open,
    find,
    get: async (name) => (await find(name))?.value ?? null,
    set: async (name, value, { vault: to = null, ...options } = {}) => {
      const vault = open(to);
      await vault.set(name, value, options);
      return vault;
    },
    register: async (entry) => {
      if (!isVaultName(entry.name))
        throw new InputError('the name of a vault has 1 to 64 letters, digits, underscores and hyphens');
      checkOptions(entry);
      await book.change((current) => added(current, entry));
    },
    unregister: async (name) => {
      await book.change((current) => removed(current, name));
      opened.delete(name);
    },
    setDefault: (name) =>
      book.change((current) => ({ ...current, defaultName: required(current, name).name })),
    unlock: (name, minutes) => unlockFileVault(requireEntry(name), minutes, around),
  };
}

function surroundingsOf(config: VaultsConfig): VaultSurroundings {
  const { env = process.env, platform = process.platform, nowMs = Date.now } = config;
  return {
    folder: config.folder ?? join(homedir(), '.tessera'),
    env,
    platform,
    nowMs,
    stderr: config.stderr ?? process.stderr,
    ask: config.ask ?? (async () => null),
    kept: keptKeysIn(runtimeFolder(env), platform, nowMs),
  };
}

/** Where the registrations are. */
interface Book {
  read(): Registrations;
  change(decide: (current: Registrations) => Registrations): Promise<void>;
}

function bookIn(folder: string, nowMs: () => number): Book {
  return {
    read: () => readRegistrations(folder),
    change: (decide) => changeRegistrations(folder, nowMs, decide),
  };
}

function bookOf(vaults: readonly SecretVault[]): Book {
  let current: Registrations = {
    defaultName: vaults[0]?.name ?? null,
    vaults: vaults.map(({ name, kind }) => ({ name, kind, options: {} })),
  };
  return {
    read: () => current,
    change: async (decide) => {
      current = decide(current);
    },
  };
}

function inOrder({ defaultName, vaults }: Registrations): string[] {
  const names = vaults.map(({ name }) => name);
  return [...names.filter((name) => name === defaultName), ...names.filter((name) => name !== defaultName)];
}

function added(current: Registrations, entry: Registration): Registrations {
  if (current.vaults.some(({ name }) => name === entry.name))
    throw new VaultError(
      'exists',
      `a vault "${entry.name}" is registered already; remove it first, or choose another name`,
    );
  return { defaultName: current.defaultName ?? entry.name, vaults: [...current.vaults, entry] };
}

function removed(current: Registrations, name: string): Registrations {
  const gone = required(current, name);
  const vaults = current.vaults.filter((entry) => entry !== gone);
  const defaultName = current.defaultName === name ? (vaults[0]?.name ?? null) : current.defaultName;
  return { defaultName, vaults };
}

function required({ vaults }: Registrations, name: string): Registration {
  const entry = vaults.find((one) => one.name === name);
  if (entry !== undefined) return entry;
  throw unknownVault(name, vaults);
}

function unknownVault(name: string, vaults: Registrations['vaults']): VaultError {
  const known = vaults.map((one) => one.name).join(', ') || 'none';
  return new VaultError(
    'not_found',
    `no vault "${name}" is registered (registered: ${known}); see tessera vault add`,
  );
}

function noDefault(): VaultError {
  return new VaultError(
    'not_found',
    'no vault is registered; add one with tessera vault add NAME --kind file',
  );
}
