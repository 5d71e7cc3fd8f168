/** What vaults and secrets may be called. @module */
import { InputError } from '../input-error.ts';
import { VaultError } from './vault-error.ts';

const vaultName = /^[A-Za-z0-9_-]{1,64}$/;
/** Room for a host name, a port and an identifier. */
const longestSecretName = 512;
const controlCharacter = /\p{Cc}/u;

export function isVaultName(text: string): boolean {
  return vaultName.test(text);
}

/** @throws {InputError} no name for a secret: a mistake of the calling program */
export function requireSecretName(name: string): void {
  if (name !== '' && name.length <= longestSecretName && !controlCharacter.test(name)) return;
  throw new InputError(
    `the name of a secret has 1 to ${longestSecretName} characters, none of them a control`,
  );
}

export function existsAlready(vault: string, name: string): VaultError {
  return new VaultError(
    'exists',
    `the vault "${vault}" has a secret "${name}" already, which is not replaced; leave out no-clobber to replace it`,
  );
}
