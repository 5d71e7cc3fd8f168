/** The operating system's keychain, by `@napi-rs/keyring`, which is loaded when it is used. @module */
import { VaultError } from '../vault-error.ts';

/** Without it the package would fall back to memory, silently, where no Secret Service runs. */
const options = { linux: { store: 'secret-service' } } as const;

export interface Keyring {
  get(account: string): Promise<string | null>;
  set(account: string, text: string): Promise<void>;
  delete(account: string): Promise<boolean>;
  accounts(): Promise<readonly string[]>;
}

/** @param service groups the entries: those of one vault */
export function openKeyring(service: string, vault: string): Keyring {
  const withEntry = async <T>(account: string, work: (entry: Entry) => Promise<T>): Promise<T> =>
    explained(vault, async () => {
      const { AsyncEntry } = await import('@napi-rs/keyring');
      return work(new AsyncEntry(service, account, options));
    });
  return {
    // The package gives undefined for what its types call null.
    get: (account) => withEntry(account, async (entry) => (await entry.getPassword()) ?? null),
    set: (account, text) => withEntry(account, (entry) => entry.setPassword(text)),
    delete: (account) => withEntry(account, (entry) => entry.deleteCredential()),
    accounts: () =>
      explained(vault, async () => {
        const { findCredentialsAsync } = await import('@napi-rs/keyring');
        return (await findCredentialsAsync(service)).map(({ account }) => account);
      }),
  };
}

type Entry = import('@napi-rs/keyring').AsyncEntry;

async function explained<T>(vault: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asVaultError(error, vault);
  }
}

function asVaultError(error: unknown, vault: string): unknown {
  if (!(error instanceof Error) || error instanceof VaultError) return error;
  const at = `the keychain of the vault "${vault}"`;
  const cure = 'or keep secrets in a file: tessera vault add local --kind file';
  if ('code' in error && error.code === 'ERR_MODULE_NOT_FOUND')
    return new VaultError(
      'unavailable',
      `${at} needs the package @napi-rs/keyring, which is not installed; ${cure}`,
    );
  if (/locked|dismissed/i.test(error.message))
    return new VaultError(
      'locked',
      `${at} is locked, and nobody could be asked to unlock it; unlock it, ${cure}`,
    );
  return new VaultError(
    'unavailable',
    `${at} cannot be reached: no Secret Service runs in this session, or it refuses; start one, such as gnome-keyring, ${cure}`,
  );
}
