/** Looks for what opens a file vault: where it is registered, in the environment, kept by an unlock, at the terminal. @module */
import type { Secret } from '@tessera/token';
import { VaultError } from '../vault-error.ts';
import type { FindKey } from './file-vault.ts';
import type { KeptKeys } from './kept-key.ts';
import type { KeyKind } from './vault-file.ts';
import { readKeyFile, readPassphraseFile, type VaultKey } from './vault-key.ts';

export interface KeyPlaces {
  readonly vault: string;
  readonly path: string;
  /** Registered with the vault; null: not. */
  readonly keyFile: string | null;
  readonly passphraseFile: string | null;
  readonly env: NodeJS.ProcessEnv;
  readonly kept: KeptKeys;
  readonly ask: AskPassphrase;
  readonly platform: NodeJS.Platform;
}

/**
 * Asks a human.
 *
 * @param occasion `new`: to be typed twice, since nobody could open the vault after a slip
 * @returns null: there is nobody to ask
 */
export type AskPassphrase = (vault: string, occasion: 'open' | 'new') => Promise<Secret | null>;

/** A key file, being explicit and quick, goes before a passphrase where either would do. */
export function findKeyIn(places: KeyPlaces): FindKey {
  const { vault, path, env, platform } = places;
  const keyFile = places.keyFile ?? (env.TESSERA_VAULT_KEY_FILE || null);
  const passphraseFile = places.passphraseFile ?? (env.TESSERA_VAULT_PASSPHRASE_FILE || null);
  return async (wanted) => {
    if (wanted !== 'passphrase' && keyFile !== null) return readKeyFile(keyFile, platform);
    if (wanted !== 'key' && passphraseFile !== null) return readPassphraseFile(passphraseFile, platform);
    const kept = places.kept.find(path);
    if (kept !== null && fits(kept, wanted)) return kept;
    const asked = wanted === 'key' ? null : await places.ask(vault, wanted === 'new' ? 'new' : 'open');
    if (asked !== null) return { kind: 'passphrase', text: asked };
    throw new VaultError('locked', `the vault "${vault}" is locked: ${cures[wanted]}`);
  };
}

function fits(key: VaultKey, wanted: KeyKind | 'new'): boolean {
  return wanted === 'new' || (key.kind === 'passphrase') === (wanted === 'passphrase');
}

const cures: Readonly<Record<KeyKind | 'new', string>> = {
  passphrase:
    'give its passphrase by TESSERA_VAULT_PASSPHRASE_FILE, or run "tessera vault unlock" at a terminal first',
  key: 'name its key file by TESSERA_VAULT_KEY_FILE',
  new: 'it is made at first use and needs a key; name a key file by TESSERA_VAULT_KEY_FILE, or a file with a passphrase by TESSERA_VAULT_PASSPHRASE_FILE, or run this at a terminal',
};
