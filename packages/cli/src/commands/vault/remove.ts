/** `vault remove` @module */
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';
import { printFields } from '../../terminal/print.ts';
import { openVaults } from '../../vaults/open-vaults.ts';

export const command: Command = defineCommand({
  flags: {},
  words: { name: requiredText('the vault to forget', { placeholder: 'NAME' }) },
  examples: ({ name }) => [`${name} vault remove team`],
  run: async ({ name }, invocation) => {
    await openVaults({ 'passphrase-stdin': false }, invocation).unregister(name);
    printFields({ name }, `vault "${name}" forgotten; its contents stay where they are`, invocation);
  },
});
