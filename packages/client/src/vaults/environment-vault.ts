/** Secrets in the variables of this process, for machines that hand them over so. @module */
import type { SecretVault } from './secret-vault.ts';
import { VaultError } from './vault-error.ts';

const prefix = 'TESSERA_SECRET_';

export interface EnvironmentVaultOptions {
  readonly name: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Read-only. `us.nectar.services-accesstoken` is in `TESSERA_SECRET_US_NECTAR_SERVICES_ACCESSTOKEN`. */
export function environmentVault({ name: vault, env }: EnvironmentVaultOptions): SecretVault {
  const refuse = async (): Promise<never> => {
    throw new VaultError(
      'read_only',
      `the vault "${vault}" is the environment, which cannot be changed from here; name another one with --vault`,
    );
  };
  return {
    name: vault,
    kind: 'environment',
    writable: false,
    get: async (name) => env[variableOf(name)] || null,
    set: refuse,
    delete: refuse,
    // What stood for the underscores cannot be told any more; these names find the same secrets.
    list: async () =>
      Object.keys(env)
        .filter((variable) => variable.startsWith(prefix) && env[variable])
        .map((variable) => variable.slice(prefix.length))
        .toSorted(),
    prepareWrite: refuse,
  };
}

function variableOf(name: string): string {
  return prefix + name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
}
