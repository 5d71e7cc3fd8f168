/** Azure Key Vault, by Microsoft's own packages, which are loaded when one is used. @module */
import { existsAlready, requireSecretName } from '../names.ts';
import type { SecretVault } from '../secret-vault.ts';
import { azureNameOf, clearNameOf } from './azure-name.ts';
import { asVaultError, isConflict, isNotFound, requireShort } from './azure-refusal.ts';

export interface AzureVaultOptions {
  readonly name: string;
  /** `https://NAME.vault.azure.net` */
  readonly url: string;
  /** Null: `DefaultAzureCredential` of `@azure/identity`. */
  readonly credential: AzureCredential | null;
  /** Further options of the SDK's `SecretClient`. */
  readonly clientOptions: Readonly<Record<string, unknown>>;
}

/** `TokenCredential` of the SDK. */
export interface AzureCredential {
  getToken(scopes: string | string[]): Promise<{ token: string; expiresOnTimestamp: number } | null>;
}

type SecretClient = import('@azure/keyvault-secrets').SecretClient;

export function azureVault(options: AzureVaultOptions): SecretVault {
  const { name: vault, url } = options;
  let opened: Promise<SecretClient> | null = null;
  const withClient = async <T>(work: (client: SecretClient) => Promise<T>): Promise<T> => {
    opened ??= openClient(options);
    try {
      return await work(await opened);
    } catch (error) {
      throw asVaultError(error, `the vault "${vault}" (Azure Key Vault ${url})`);
    }
  };
  return {
    name: vault,
    kind: 'azure',
    writable: true,
    get: (name) => withClient((client) => read(client, name)),
    set: (name, value, { noClobber = false } = {}) => {
      requireSecretName(name);
      requireShort(vault, value);
      return withClient(async (client) => {
        if (noClobber && (await read(client, name)) !== null) throw existsAlready(vault, name);
        await write(client, name, value);
      });
    },
    delete: (name) => withClient((client) => remove(client, name)),
    list: () => withClient(list),
  };
}

async function openClient({ url, credential, clientOptions }: AzureVaultOptions): Promise<SecretClient> {
  const { SecretClient } = await import('@azure/keyvault-secrets');
  return new SecretClient(url, credential ?? (await defaultCredential()), clientOptions);
}

async function defaultCredential(): Promise<AzureCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential();
}

async function read(client: SecretClient, name: string): Promise<string | null> {
  try {
    return (await client.getSecret(azureNameOf(name))).value ?? null;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

async function write(client: SecretClient, name: string, value: string): Promise<void> {
  const encoded = azureNameOf(name);
  const set = async (): Promise<unknown> =>
    client.setSecret(encoded, value, { tags: { name }, contentType: 'text/plain' });
  try {
    await set();
  } catch (error) {
    if (!isConflict(error)) throw error;
    // A deleted secret keeps its name to itself until it is recovered.
    const recovery = await client.beginRecoverDeletedSecret(encoded);
    await recovery.pollUntilDone();
    await set();
  }
}

async function remove(client: SecretClient, name: string): Promise<boolean> {
  try {
    const deletion = await client.beginDeleteSecret(azureNameOf(name));
    await deletion.pollUntilDone();
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

async function list(client: SecretClient): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name, tags, enabled } of client.listPropertiesOfSecrets()) {
    const clear = tags?.name ?? clearNameOf(name);
    if (enabled !== false && clear !== null) names.push(clear);
  }
  return names.toSorted();
}
