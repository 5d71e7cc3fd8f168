/** Keeps a pair of tokens, as somebody has copied it, in a vault. No request is made. @module */
import { Secret } from '@tessera/token';
import type { Vaults } from '../vaults/create-vaults.ts';
import type { SecretVault } from '../vaults/secret-vault.ts';
import { VaultError } from '../vaults/vault-error.ts';
import { parseCloudHost } from './cloud-host.ts';
import {
  expiryOf,
  formatRecord,
  isOf,
  type PairOwner,
  parseRecord,
  requireIdentifier,
  requireToken,
  secretNameOf,
} from './pair-record.ts';

export interface TokenRegistration {
  /** Host name and, where it needs one, port. */
  readonly fqdn: string;
  readonly accessToken: Secret | string;
  readonly refreshToken: Secret | string;
  /** Tells several registrations of one host apart. */
  readonly identifier?: string | null;
  /** Left out or null: the default vault. */
  readonly vault?: string | null;
  /** Leaves a registration that is there as it is. */
  readonly noClobber?: boolean;
}

export interface RegisteredToken extends PairOwner {
  /** Name of the secret. */
  readonly secret: string;
  /** Name of the vault it is in. */
  readonly vault: string;
}

/**
 * @throws {VaultError} `exists`: there is one and `noClobber`, or the name is that of another host's registration
 * @throws {InputError} a host, identifier or token that cannot be one
 */
export async function registerToken(
  vaults: Vaults,
  registration: TokenRegistration,
): Promise<RegisteredToken> {
  const { vault: to = null, noClobber = false, identifier = null } = registration;
  const { fqdn } = parseCloudHost(registration.fqdn);
  const owner = { fqdn, identifier: identifier === null ? null : requireIdentifier(identifier) };
  const accessToken = requireToken('access token', textOf(registration.accessToken));
  const refreshToken = requireToken('refresh token', textOf(registration.refreshToken));
  const name = secretNameOf(owner);
  const vault = vaults.open(to);
  await refuseOthers(vault, name, owner);
  const record = {
    ...owner,
    accessToken,
    refreshToken,
    accessExpiresAtMs: expiryOf(accessToken),
    refreshExpiresAtMs: expiryOf(refreshToken),
    storedAtMs: vaults.nowMs(),
  };
  await vault.set(name, formatRecord(record), { noClobber });
  return { ...owner, secret: name, vault: vault.name };
}

const textOf = (token: Secret | string): string => (token instanceof Secret ? token.reveal() : token);

/** `a` with the identifier `b-c` and `a-b` with `c` have one name: whoever was first keeps it. */
async function refuseOthers(vault: SecretVault, name: string, owner: PairOwner): Promise<void> {
  const stored = parseRecord((await vault.get(name)) ?? '');
  if (stored === null || isOf(stored, owner)) return;
  throw new VaultError(
    'exists',
    `the secret "${name}" in the vault "${vault.name}" belongs to ${stored.fqdn}, not to ${owner.fqdn}; choose another identifier`,
  );
}
