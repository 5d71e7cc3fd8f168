/** `vaults.json`: which vaults there are, in their order. It holds no secret. @module */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LockError, withProcessLock } from '../files/process-lock.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { isVaultName } from './names.ts';
import { VaultError } from './vault-error.ts';

export const vaultKinds = [
  'file',
  'keychain',
  'hashicorp',
  'azure',
  'environment',
  'memory',
  'helper',
] as const;
export type VaultKind = (typeof vaultKinds)[number];

export interface Registration {
  readonly name: string;
  /** Of `vaultKinds`, unless a program has made it itself. */
  readonly kind: string;
  readonly options: Readonly<Record<string, string>>;
}

export interface Registrations {
  /** Null: none, after the last was removed. */
  readonly defaultName: string | null;
  /** In order of registration. */
  readonly vaults: readonly Registration[];
}

/** Until something else is registered. */
const atFirst: Registrations = {
  defaultName: 'local',
  vaults: [{ name: 'local', kind: 'file', options: {} }],
};

const waitMs = 20_000;

/** @throws {VaultError} `unavailable`: the file is there and cannot be understood */
export function readRegistrations(folder: string): Registrations {
  const path = join(folder, 'vaults.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return atFirst;
    throw new VaultError('unavailable', `${path} cannot be read (${code}); make it readable`);
  }
  const found = parse(text);
  if (found !== null) return found;
  throw new VaultError(
    'unavailable',
    `${path} is damaged or of another version; put it right, or remove it and register the vaults again`,
  );
}

/**
 * Reads, changes and replaces the file while no other process does.
 *
 * @param decide may refuse by throwing
 * @throws {VaultError} `read_only` or `unavailable`: the file cannot be written
 */
export async function changeRegistrations(
  folder: string,
  nowMs: () => number,
  decide: (current: Registrations) => Registrations,
): Promise<void> {
  const path = join(folder, 'vaults.json');
  try {
    await withProcessLock(`${path}.lock`, { waitMs, nowMs }, async () => {
      const { defaultName, vaults } = decide(readRegistrations(folder));
      writeAtomically(path, `${JSON.stringify({ v: 1, default: defaultName, vaults }, null, 2)}\n`);
    });
  } catch (error) {
    const code = error instanceof LockError ? error.reason : (error as NodeJS.ErrnoException).code;
    if (error instanceof VaultError || code === undefined) throw error;
    throw new VaultError('read_only', `${path} cannot be written (${code}); make its folder writable`);
  }
}

function parse(text: string): Registrations | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value) || value.v !== 1 || !Array.isArray(value.vaults)) return null;
  const vaults = value.vaults.map(parseOne);
  const names = new Set(vaults.map((one) => one?.name));
  if (!vaults.every((one) => one !== null) || names.size !== vaults.length) return null;
  const defaultName = value.default ?? null;
  return defaultName === null || (typeof defaultName === 'string' && names.has(defaultName))
    ? { defaultName, vaults }
    : null;
}

function parseOne(value: unknown): Registration | null {
  if (!isObject(value) || typeof value.name !== 'string' || !isVaultName(value.name)) return null;
  const kind = vaultKinds.find((known) => known === value.kind);
  const options = value.options ?? {};
  if (kind === undefined || !isObject(options)) return null;
  const isText = Object.values(options).every((option) => typeof option === 'string');
  return isText ? { name: value.name, kind, options: options as Record<string, string> } : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
