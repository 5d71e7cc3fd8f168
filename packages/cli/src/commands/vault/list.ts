/** `vault list` @module */
import { type Command, defineCommand } from '../../program/command.ts';
import { printFields } from '../../terminal/print.ts';
import { openVaults } from '../../vaults/open-vaults.ts';

export const command: Command = defineCommand({
  flags: {},
  examples: ({ name }) => [`${name} vault list`, `${name} vault list --json | jq -r '.vaults[].name'`],
  run: async (_, invocation) => {
    const vaults = openVaults({ 'passphrase-stdin': false }, invocation).names();
    const width = Math.max(0, ...vaults.map(({ name }) => name.length));
    const lines = vaults.map(
      ({ name, kind, isDefault }) => `${isDefault ? '*' : ' '} ${name.padEnd(width)}  ${kind}`,
    );
    printFields({ vaults }, lines.length === 0 ? 'no vault is registered' : lines.join('\n'), invocation);
  },
});
