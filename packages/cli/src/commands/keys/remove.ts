/** `keys remove` @module */
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';
import { dataDirFlag } from '../../server/data-dir.ts';
import { onKeys } from '../../server/key-flags.ts';
import { printLine } from '../../terminal/print.ts';

export const command: Command = defineCommand({
  flags: { id: requiredText('the id of the key, its "kid"', { placeholder: 'KID' }), ...dataDirFlag },
  examples: ({ name }) => [`${name} keys remove --id "$(jq -r .kid leaked.json)"`],
  run: async ({ id, 'data-dir': dataDir }, invocation) => {
    await onKeys(dataDir, invocation, (server, config) => server.removeKey(config, id));
    printLine(`Removed ${id}: tokens it signed are refused from now on.`, invocation.context);
  },
});
