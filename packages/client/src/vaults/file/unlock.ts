/** Opens a file vault for some minutes. @module */
import { InputError } from '../../input-error.ts';
import type { Registration } from '../registration.ts';
import { VaultError } from '../vault-error.ts';
import { filePlaces, type VaultSurroundings } from '../vault-kinds.ts';
import { fileVault } from './file-vault.ts';
import { findKeyIn } from './find-key.ts';
import type { VaultKey } from './vault-key.ts';

/**
 * @param minutes 0: what is kept is forgotten
 * @throws {VaultError} `not_found`: the vault has not been made yet; and what opening throws
 * @throws {InputError} a vault of another kind
 */
export async function unlockFileVault(
  registration: Registration,
  minutes: number,
  around: VaultSurroundings,
): Promise<void> {
  const { name, kind } = registration;
  if (kind !== 'file')
    throw new InputError(`the vault "${name}" is of the kind ${kind}, which is not unlocked here`);
  const places = filePlaces(registration, around);
  around.kept.forget(places.path);
  if (minutes === 0) return;
  const find = findKeyIn(places);
  let key: VaultKey | null = null;
  const vault = fileVault({
    ...around,
    name,
    path: places.path,
    unlock: async (wanted) => {
      key = await find(wanted);
      return key;
    },
  });
  await vault.list();
  if (key === null)
    throw new VaultError(
      'not_found',
      `the vault "${name}" is not there yet: it is made when something is stored in it`,
    );
  around.kept.keep(places.path, key, around.nowMs() + minutes * 60_000);
}
