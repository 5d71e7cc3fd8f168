/** A user name and password that are kept in a vault. @module */
import { Secret } from '@tessera/token';
import type { Vaults } from '../vaults/create-vaults.ts';
import { VaultError } from '../vaults/vault-error.ts';

export interface CredentialSecret {
  readonly userName: string;
  readonly password: Secret;
  /** The vault it was found in. */
  readonly vault: string;
}

/** @throws {VaultError} `not_found`, or `unavailable`: it holds something else */
export async function readCredentialSecret(
  vaults: Vaults,
  name: string,
  from: string | null,
): Promise<CredentialSecret> {
  const found = await vaults.find(name, from);
  if (found === null) {
    const where = from === null ? 'no vault has' : `the vault "${from}" does not have`;
    throw new VaultError(
      'not_found',
      `${where} the secret "${name}"; its text is {"userName":"…","password":"…"}`,
    );
  }
  const { userName, password } = parse(found.value);
  if (typeof userName === 'string' && typeof password === 'string')
    return { userName, password: new Secret(password), vault: found.vault.name };
  throw new VaultError(
    'unavailable',
    `the secret "${name}" in the vault "${found.vault.name}" is no user name and password; its text is {"userName":"…","password":"…"}`,
  );
}

function parse(text: string): { readonly userName?: unknown; readonly password?: unknown } {
  try {
    return Object(JSON.parse(text)) as object;
  } catch {
    return {};
  }
}
