/**
 * HashiCorp Vault, key-value engine version 2: one entry a secret, with its text in one field.
 *
 * @see https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2
 * @module
 */
import { existsAlready, requireSecretName } from '../names.ts';
import type { SecretVault } from '../secret-vault.ts';
import { VaultError } from '../vault-error.ts';
import { nameOf, segmentOf } from './kv-path.ts';
import { type KvAnswer, type KvServer, kvRequest, reasonsIn } from './kv-request.ts';

export interface HashicorpVaultOptions extends KvServer {
  /** Where the engine is mounted: `secret`. */
  readonly mount: string;
  /** Folder of the secrets in it; null: none. */
  readonly folder: string | null;
  /** Field of an entry that holds the text. */
  readonly field: string;
}

/** The version an entry must still have for a write to count; 0: it must not be there. */
type Version = number;

export function hashicorpVault(options: HashicorpVaultOptions): SecretVault {
  const { vault } = options;
  // What was read here: the write that follows replaces that, and nothing that somebody has written since.
  const seen = new Map<string, Version>();
  return {
    name: vault,
    kind: 'hashicorp',
    writable: true,
    get: async (name) => {
      const { value, version } = await read(options, name);
      seen.set(name, version);
      return value;
    },
    set: async (name, value, { noClobber = false } = {}) => {
      requireSecretName(name);
      const current = noClobber || !seen.has(name) ? await read(options, name) : null;
      if (noClobber && current?.value !== null) throw existsAlready(vault, name);
      const version = current?.version ?? seen.get(name) ?? 0;
      seen.delete(name);
      await write(options, name, value, version);
    },
    delete: async (name) => {
      seen.delete(name);
      const { value } = await read(options, name);
      expectDone(options, await kvRequest(options, 'DELETE', pathOf(options, 'metadata', name)));
      return value !== null;
    },
    list: async () => {
      const answer = await kvRequest(options, 'LIST', pathOf(options, 'metadata', null));
      // The engine answers so where nothing has been written yet.
      if (answer.status === 404) return [];
      const { keys } = fieldsIn(answer.body.data);
      if (!Array.isArray(keys)) throw strange(options);
      return keys
        .filter((key): key is string => typeof key === 'string' && !key.endsWith('/'))
        .map(nameOf)
        .toSorted();
    },
    prepareWrite: (name) => requireCapability(options, name),
  };
}

function pathOf(
  { mount, folder }: HashicorpVaultOptions,
  part: 'data' | 'metadata',
  name: string | null,
): string {
  const parts = [mount, part, folder, name === null ? null : segmentOf(name)];
  return parts
    .filter((text) => text !== null)
    .flatMap((text) => text.split('/'))
    .filter((text) => text !== '')
    .map(encodeURIComponent)
    .join('/');
}

interface Entry {
  readonly value: string | null;
  readonly version: Version;
}

async function read(options: HashicorpVaultOptions, name: string): Promise<Entry> {
  const answer = await kvRequest(options, 'GET', pathOf(options, 'data', name));
  if (answer.status === 400) throw strange(options);
  const { data, metadata } = fieldsIn(answer.body.data);
  const version = fieldsIn(metadata).version;
  // A deleted entry is answered with 404 and keeps counting its versions.
  const known = typeof version === 'number' ? version : 0;
  if (answer.status === 404) return { value: null, version: known };
  return { value: textIn(fieldsIn(data), options.field), version: known };
}

/** An entry that somebody has made of other fields is read as JSON, out of which a caller may pick. */
function textIn(data: Readonly<Record<string, unknown>>, field: string): string | null {
  const own = data[field];
  if (typeof own === 'string') return own;
  return Object.keys(data).length === 0 ? null : JSON.stringify(data);
}

async function write(
  options: HashicorpVaultOptions,
  name: string,
  value: string,
  cas: Version,
): Promise<void> {
  const body = { options: { cas }, data: { [options.field]: value } };
  const answer = await kvRequest(options, 'POST', pathOf(options, 'data', name), body);
  if (answer.status === 400 && reasonsIn(answer).includes('check-and-set'))
    throw changedMeanwhile(options, name);
  expectDone(options, answer);
}

function expectDone(options: HashicorpVaultOptions, answer: KvAnswer): void {
  if (answer.status === 404) throw strange(options);
  if (answer.status !== 400) return;
  const isTooLarge = /too large|exceed/i.test(reasonsIn(answer));
  if (isTooLarge)
    throw new VaultError('too_large', `the vault "${options.vault}" cannot hold a value of that length`);
  throw strange(options);
}

async function requireCapability(options: HashicorpVaultOptions, name: string): Promise<void> {
  const path = pathOf(options, 'data', name);
  const answer = await kvRequest(options, 'POST', 'sys/capabilities-self', { paths: [path] });
  const capabilities = answer.body.capabilities ?? fieldsIn(answer.body.data).capabilities;
  // A policy may hide this question itself; then only the write can tell.
  if (!Array.isArray(capabilities)) return;
  if (capabilities.some((one) => one === 'root' || one === 'create' || one === 'update')) return;
  throw new VaultError(
    'denied',
    `the token may not write ${path} in the vault "${options.vault}"; it needs the capabilities create and update`,
  );
}

function fieldsIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function changedMeanwhile({ vault }: HashicorpVaultOptions, name: string): VaultError {
  return new VaultError(
    'exists',
    `somebody else has changed "${name}" in the vault "${vault}" meanwhile; nothing was replaced, run this again`,
  );
}

function strange({ vault, mount }: HashicorpVaultOptions): VaultError {
  return new VaultError(
    'unavailable',
    `the vault "${vault}" does not answer as a key-value engine version 2 does; is "${mount}" one? (vault secrets list)`,
  );
}
