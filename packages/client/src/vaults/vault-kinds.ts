/** From a registration to the vault: what each kind takes as options. @module */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { Secret } from '@tessera/token';
import { InputError } from '../input-error.ts';
import { azureVault } from './azure/azure-vault.ts';
import { environmentVault } from './environment-vault.ts';
import { fileVault } from './file/file-vault.ts';
import { type AskPassphrase, findKeyIn, type KeyPlaces } from './file/find-key.ts';
import type { KeptKeys } from './file/kept-key.ts';
import { hashicorpVault } from './hashicorp/hashicorp-vault.ts';
import { helperVault } from './helper/helper-vault.ts';
import { keychainVault } from './keychain/keychain-vault.ts';
import { memoryVault } from './memory-vault.ts';
import { type Registration, type VaultKind, vaultKinds } from './registration.ts';
import type { SecretVault } from './secret-vault.ts';
import { VaultError } from './vault-error.ts';

/** What all kinds may need from their surroundings. */
export interface VaultSurroundings {
  /** The user's configuration folder; relative paths of options are in it. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly stderr: NodeJS.WritableStream;
  readonly nowMs: () => number;
  readonly kept: KeptKeys;
  readonly ask: AskPassphrase;
}

/** The options a kind takes. */
const optionsOfKind: Readonly<Record<VaultKind, readonly string[]>> = {
  file: ['path', 'keyFile', 'passphraseFile'],
  keychain: [],
  hashicorp: ['addr', 'mount', 'path', 'field', 'namespace', 'tokenFile', 'caFile'],
  azure: ['url'],
  environment: [],
  memory: [],
  // Whatever else there is goes to the program.
  helper: ['command', 'args'],
};

const neededOptions: Readonly<Partial<Record<VaultKind, readonly string[]>>> = {
  hashicorp: ['addr'],
  azure: ['url'],
  helper: ['command'],
};

/** @throws {InputError} an option the kind does not take, lacks, or that looks like a secret */
export function checkOptions({ kind: text, options }: Registration): void {
  const kind = requireKind(text);
  const known = optionsOfKind[kind];
  const foreign = Object.keys(options).find((name) => kind !== 'helper' && !known.includes(name));
  if (foreign !== undefined)
    throw new InputError(
      `a vault of kind ${kind} takes no option ${foreign}; it takes: ${known.join(', ') || 'none'}`,
    );
  const missing = neededOptions[kind]?.find((name) => !options[name]);
  if (missing !== undefined) throw new InputError(`a vault of kind ${kind} needs the option ${missing}`);
  if (kind === 'hashicorp' || kind === 'azure') requireSecureUrl(options.addr ?? options.url ?? '');
  if (kind === 'helper') parseArgs(options.args);
  const secret = Object.keys(options).find((name) => namesSecret.test(name));
  if (secret !== undefined)
    throw new InputError(`registrations hold no secrets; hand ${secret} to the helper in a way of its own`);
}

const namesSecret = /(?:password|passphrase|secret|token|api-?key)$/i;

/** @throws {VaultError} `denied` or `unavailable`: what it needs at once cannot be read */
export function openVault(registration: Registration, around: VaultSurroundings): SecretVault {
  const { name, options } = registration;
  const { folder, env, platform, stderr, nowMs } = around;
  const kind = requireKind(registration.kind);
  switch (kind) {
    case 'file': {
      const places = filePlaces(registration, around);
      return fileVault({ name, path: places.path, unlock: findKeyIn(places), platform, nowMs });
    }
    case 'keychain':
      return keychainVault({ name, sealedFolder: join(folder, 'vaults'), platform });
    case 'hashicorp': {
      const tokenFile = options.tokenFile ?? join(env.HOME ?? homedir(), '.vault-token');
      return hashicorpVault({
        vault: name,
        connection: {
          url: requireSecureUrl(options.addr ?? ''),
          verification: 'verify',
          trustedPem: options.caFile ? readText(inFolder(folder, options.caFile), name) : null,
          timeoutMs: 30_000,
          trace: null,
        },
        token: () => new Secret(env.VAULT_TOKEN || readText(inFolder(folder, tokenFile), name).trim()),
        namespace: options.namespace ?? (env.VAULT_NAMESPACE || null),
        mount: options.mount ?? 'secret',
        folder: options.path ?? 'tessera',
        field: options.field ?? 'value',
      });
    }
    case 'azure':
      return azureVault({ name, url: options.url ?? '', credential: null, clientOptions: {} });
    case 'environment':
      return environmentVault({ name, env });
    case 'memory':
      return memoryVault({ name });
    case 'helper': {
      const { command = '', args, ...rest } = options;
      return helperVault({ name, command, args: parseArgs(args), options: rest, timeoutMs: 30_000, stderr });
    }
    default:
      return kind satisfies never;
  }
}

/** Where the vault is, and where to look for what opens it. */
export function filePlaces({ name, options }: Registration, around: VaultSurroundings): KeyPlaces {
  const { folder } = around;
  return {
    ...around,
    vault: name,
    path: inFolder(folder, options.path ?? join('vaults', `${name}.age`)),
    keyFile: options.keyFile ? inFolder(folder, options.keyFile) : null,
    passphraseFile: options.passphraseFile ? inFolder(folder, options.passphraseFile) : null,
  };
}

const inFolder = (folder: string, path: string): string => (isAbsolute(path) ? path : join(folder, path));

/** @throws {InputError} */
function requireKind(text: string): VaultKind {
  const kind = vaultKinds.find((known) => known === text);
  if (kind !== undefined) return kind;
  throw new InputError(`a vault is of one of the kinds ${vaultKinds.join(', ')}`);
}

/** @throws {InputError} */
function requireSecureUrl(text: string): URL {
  const url = URL.parse(text);
  const isLoopback = url !== null && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback))) return url;
  throw new InputError('the address of a vault is https://HOST[:PORT]; http:// is for this machine alone');
}

/** @throws {InputError} */
function parseArgs(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  } catch {}
  throw new InputError('the option args of a helper is a JSON array of texts, such as ["--vault","team"]');
}

function readText(path: string, vault: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new VaultError(
      'denied',
      `the file ${path}, which the vault "${vault}" needs, cannot be read (${code})`,
    );
  }
}
