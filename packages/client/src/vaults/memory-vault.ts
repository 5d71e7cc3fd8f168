/** A vault that lives as long as this process. @module */
import { existsAlready, requireSecretName } from './names.ts';
import type { SecretVault } from './secret-vault.ts';

export interface MemoryVaultOptions {
  readonly name: string;
}

export function memoryVault({ name: vault }: MemoryVaultOptions): SecretVault {
  const secrets = new Map<string, string>();
  return {
    name: vault,
    kind: 'memory',
    writable: true,
    get: async (name) => secrets.get(name) ?? null,
    set: async (name, value, { noClobber = false } = {}) => {
      requireSecretName(name);
      if (noClobber && secrets.has(name)) throw existsAlready(vault, name);
      secrets.set(name, value);
    },
    delete: async (name) => secrets.delete(name),
    list: async () => [...secrets.keys()].toSorted(),
  };
}
