/** The user's vaults, and how the user is asked for a passphrase. @module */
import { join } from 'node:path';
import { createVaults, type Secret, type Vaults } from '@tessera/client';
import type { Invocation } from '../program/command.ts';
import type { Context } from '../program/context.ts';
import { UsageError } from '../program/errors.ts';
import { type Flag, switchFlag, textFlag } from '../program/flag.ts';
import { promptSecret } from '../terminal/prompt-secret.ts';
import { readFirstLine } from '../terminal/read-first-line.ts';

export const passphraseFlag: { readonly 'passphrase-stdin': Flag<boolean> } = {
  'passphrase-stdin': switchFlag("read the vault's passphrase from the first line of standard input"),
};

export const vaultFlag: { readonly vault: Flag<string | null> } = {
  vault: textFlag('the vault to use; left out, the default first', { placeholder: 'NAME' }),
};

/** Folder of the user's configuration, with the vaults' registrations. */
export function userFolder({ home, personality }: Context): string {
  return join(home, personality.folder);
}

export interface PassphraseOptions {
  readonly 'passphrase-stdin': boolean;
}

export function openVaults(options: PassphraseOptions, { context }: Invocation): Vaults {
  const { TESSERA_VAULT_PASSPHRASE_FILE: file, ...env } = context.env;
  const isPiped = options['passphrase-stdin'] || file === '-' || file === '/dev/stdin';
  return createVaults({
    folder: userFolder(context),
    env: isPiped ? env : context.env,
    platform: context.platform,
    stderr: context.stderr,
    nowMs: context.nowMs,
    ask: isPiped
      ? () => readFirstLine(context.stdin)
      : (vault, occasion) => askPassphrase(vault, occasion, context),
  });
}

async function askPassphrase(
  vault: string,
  occasion: 'open' | 'new',
  context: Context,
): Promise<Secret | null> {
  if (context.stdin.isTTY !== true) return null;
  const advice = 'name a key file by TESSERA_VAULT_KEY_FILE';
  if (occasion === 'open') return promptSecret(`passphrase of the vault "${vault}": `, advice, context);
  const chosen = await promptSecret(`choose a passphrase for the new vault "${vault}": `, advice, context);
  if (chosen.reveal() === '') throw new UsageError('an empty passphrase protects nothing');
  const again = await promptSecret('the same passphrase again: ', advice, context);
  if (chosen.equals(again)) return chosen;
  throw new UsageError('the two passphrases differ; nothing was stored');
}
