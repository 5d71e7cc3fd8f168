/** Credentials fetched from where a plan says they are: once for every token, so that a changed one is picked up. @module */
import { Secret } from '@tessera/token';
import { TokenClientError } from './errors.ts';
import type { SecretName, SecretSource, SecretSources, Secrets, SecretVaults } from './secrets.ts';

export interface SecretReaders {
  readonly vaults?: SecretVaults;
  /** Decrypts a `{crypt}…` of the platform. */
  readonly decryptSecret?: (text: string, adapterId: string) => string | Promise<string>;
}

/** @throws {TokenClientError} `secret_unavailable` */
export async function resolveSecrets(
  plan: { readonly id: string; readonly secrets: SecretSources },
  readers: SecretReaders,
): Promise<Secrets> {
  const names = Object.keys(plan.secrets) as SecretName[];
  const pairs = names.map(async (name) => {
    const source = plan.secrets[name];
    return [name, source === undefined ? null : await resolveSecret(plan.id, source, readers)] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
}

/** @throws {TokenClientError} `secret_unavailable` */
export async function resolveSecret(
  adapterId: string,
  source: SecretSource,
  readers: SecretReaders,
): Promise<Secret> {
  switch (source.kind) {
    case 'value':
      return source.value;
    case 'vault':
      return readVault(source.vault, source.field, readers.vaults ?? {});
    case 'encrypted':
      return decrypt(adapterId, source.text, readers);
  }
}

async function readVault(vault: string, field: string, vaults: SecretVaults): Promise<Secret> {
  const where = `{vault}${vault}#${field}`;
  const reader = Object.hasOwn(vaults, vault) ? vaults[vault] : undefined;
  if (reader === undefined) throw unavailable(where, `there is no vault "${vault}"`, undefined);
  let value: string | null;
  try {
    value = await reader.get(field);
  } catch (cause) {
    throw unavailable(where, 'the vault could not be read', cause);
  }
  if (value === null) throw unavailable(where, `the vault has no "${field}"`, undefined);
  return new Secret(value);
}

async function decrypt(adapterId: string, text: string, readers: SecretReaders): Promise<Secret> {
  try {
    const value: unknown = await readers.decryptSecret?.(text, adapterId);
    if (typeof value === 'string') return new Secret(value);
  } catch (cause) {
    throw unavailable('{crypt}…', 'decryptSecret failed', cause);
  }
  throw unavailable('{crypt}…', 'decryptSecret gave no text', undefined);
}

function unavailable(where: string, why: string, cause: unknown): TokenClientError {
  return new TokenClientError('secret_unavailable', 'token', `The secret ${where} cannot be had: ${why}.`, {
    cure: 'Open the vault, or store the secret there, and call again.',
    cause,
  });
}
