/** The pair of one host in its vault. @module */
import type { Vaults } from '../vaults/create-vaults.ts';
import type { SecretVault } from '../vaults/secret-vault.ts';
import { VaultError } from '../vaults/vault-error.ts';
import { isOf, type PairOwner, type PairRecord, parseRecord, secretNameOf } from './pair-record.ts';

/** Where a pair came from, which is where its successors go. */
export interface PairPlace extends PairOwner {
  readonly secret: string;
  readonly vault: SecretVault;
}

/**
 * @param vault null: the first that has it, the default before all others
 * @throws {VaultError} `not_found`: no vault has it, or what is there belongs to another host
 */
export async function findPair(
  vaults: Vaults,
  owner: PairOwner,
  vault: string | null,
): Promise<{ readonly place: PairPlace; readonly record: PairRecord }> {
  const secret = secretNameOf(owner);
  const found = await vaults.find(secret, vault);
  if (found === null) {
    const where = vault === null ? 'no vault has' : `the vault "${vault}" does not have`;
    throw new VaultError(
      'not_found',
      `${where} the secret "${secret}"; store one: tessera register ${owner.fqdn}`,
    );
  }
  const place = { ...owner, secret, vault: found.vault };
  return { place, record: readFound(place, found.value) };
}

/** As it is now. @throws {VaultError} `not_found` */
export async function readPair(place: PairPlace): Promise<PairRecord> {
  const value = await place.vault.get(place.secret);
  if (value !== null) return readFound(place, value);
  throw new VaultError(
    'not_found',
    `the secret "${place.secret}" is gone from the vault "${place.vault.name}"; store it again: tessera register ${place.fqdn}`,
  );
}

function readFound(place: PairPlace, value: string): PairRecord {
  const { secret, vault, fqdn } = place;
  const record = parseRecord(value);
  if (record === null)
    throw new VaultError(
      'unavailable',
      `the secret "${secret}" in the vault "${vault.name}" is no registered pair of tokens; store it again: tessera register ${fqdn}`,
    );
  if (isOf(record, place)) return record;
  throw new VaultError(
    'not_found',
    `the secret "${secret}" in the vault "${vault.name}" belongs to ${record.fqdn}, not to ${fqdn}, and is not used`,
  );
}
