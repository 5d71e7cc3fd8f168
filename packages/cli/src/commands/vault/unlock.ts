/** `vault unlock` @module */
import { type Command, defineCommand, type Invocation } from '../../program/command.ts';
import { UsageError } from '../../program/errors.ts';
import { countFlag, textFlag } from '../../program/flag.ts';
import { printFields } from '../../terminal/print.ts';
import { openVaults, passphraseFlag } from '../../vaults/open-vaults.ts';

const mostMinutes = 24 * 60;

export const command: Command = defineCommand({
  flags: {
    minutes: countFlag('for so long; 0 locks it again (15)', { placeholder: 'MINUTES' }),
    ...passphraseFlag,
  },
  words: { name: textFlag('a file vault; left out, the default', { placeholder: 'NAME' }) },
  examples: ({ name }) => [
    `${name} vault unlock        # asks for the passphrase`,
    `${name} vault unlock local --minutes 60`,
    `${name} vault unlock --passphrase-stdin < passphrase.txt`,
    `${name} vault unlock --minutes 0`,
  ],
  run: async ({ name, minutes: given, ...options }, invocation) => {
    const minutes = given ?? 15;
    if (minutes > mostMinutes) throw new UsageError(`a vault is unlocked for up to ${mostMinutes} minutes`);
    const vaults = openVaults(options, withPipedPassphrase(invocation));
    await vaults.unlock(name, minutes);
    const vault = name ?? vaults.names().find(({ isDefault }) => isDefault)?.name ?? '';
    const line =
      minutes === 0 ? `vault "${vault}" locked` : `vault "${vault}" unlocked for ${minutes} minutes`;
    printFields({ name: vault, minutes }, line, invocation);
  },
});

/** Here standard input can mean nothing else. */
function withPipedPassphrase(invocation: Invocation): Invocation {
  const { context } = invocation;
  const { TESSERA_VAULT_KEY_FILE: key, TESSERA_VAULT_PASSPHRASE_FILE: file } = context.env;
  if (context.stdin.isTTY === true || key || file) return invocation;
  return {
    ...invocation,
    context: { ...context, env: { ...context.env, TESSERA_VAULT_PASSPHRASE_FILE: '-' } },
  };
}
