/** `vault set-default` @module */
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';
import { printFields } from '../../terminal/print.ts';
import { openVaults } from '../../vaults/open-vaults.ts';

export const command: Command = defineCommand({
  flags: {},
  words: { name: requiredText('a registered vault', { placeholder: 'NAME' }) },
  examples: ({ name }) => [`${name} vault set-default team`],
  run: async ({ name }, invocation) => {
    await openVaults({ 'passphrase-stdin': false }, invocation).setDefault(name);
    printFields({ name }, `vault "${name}" is the default`, invocation);
  },
});
