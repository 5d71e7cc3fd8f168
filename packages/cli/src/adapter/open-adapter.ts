/** A client of the adapter and configuration named on the command line, with the user's vaults. @module */
import { loadAdapter, type SecretVaults, type TokenClient } from '@tessera/client';
import type { Invocation } from '../program/command.ts';
import { openVaults } from '../vaults/open-vaults.ts';
import { readProperties } from './read-properties.ts';

export interface AdapterOptions {
  readonly dir: string;
  readonly properties: string;
}

/** @throws {LocalError} @throws {ConfigurationError} */
export async function openAdapter(
  { dir, properties }: AdapterOptions,
  invocation: Invocation,
): Promise<TokenClient> {
  const configuration = await readProperties(properties, invocation.context);
  const vaults = namesVault(configuration) ? vaultsByName(invocation) : {};
  return loadAdapter(dir, configuration, { now: invocation.context.nowMs, vaults });
}

const namesVault = (configuration: unknown): boolean =>
  (JSON.stringify(configuration) ?? '').includes('{vault}');

function vaultsByName(invocation: Invocation): SecretVaults {
  const vaults = openVaults({ 'passphrase-stdin': false }, invocation);
  const byName = vaults
    .names()
    .map(({ name }) => [name, { get: async (secret: string) => vaults.open(name).get(secret) }]);
  return Object.fromEntries(byName) as SecretVaults;
}
