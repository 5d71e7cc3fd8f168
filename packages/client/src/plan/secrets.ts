/** Where the credentials of a plan come from, and what they are once they are there. @module */
import type { Secret } from '@tessera/token';
import type { SecretReader } from '../vaults/secret-vault.ts';

export type SecretName = 'username' | 'password' | 'token' | 'client_id' | 'client_secret';

export type SecretSource =
  | { readonly kind: 'value'; readonly value: Secret }
  /** `{vault}name#field`: read anew for every token. */
  | { readonly kind: 'vault'; readonly vault: string; readonly field: string; readonly text: string }
  /** `{crypt}…`: handed to `decryptSecret` for every token. */
  | { readonly kind: 'encrypted'; readonly text: string };

export type SecretSources = Readonly<Partial<Record<SecretName, SecretSource>>>;

/** Credentials in hand. A missing one is empty; text is as good as a `Secret`. */
export type Secrets = Readonly<Partial<Record<SecretName | 'refresh_token', Secret | string | null>>>;

/** The vaults a plan may name, each by its name. */
export type SecretVaults = Readonly<Record<string, SecretReader>>;
