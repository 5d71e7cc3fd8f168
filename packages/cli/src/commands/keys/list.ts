/** `keys list` @module */
import { type Command, defineCommand } from '../../program/command.ts';
import { choiceFlag } from '../../program/flag.ts';
import { dataDirFlag } from '../../server/data-dir.ts';
import { describeKey, onKeys } from '../../server/key-flags.ts';
import { printAnswer, printLine } from '../../terminal/print.ts';

export const command: Command = defineCommand({
  flags: {
    use: choiceFlag('only the keys of these tokens', ['nebularstack', 'ciphertrust']),
    ...dataDirFlag,
  },
  examples: ({ name }) => [`${name} keys list`, `${name} keys list --use nebularstack --json`],
  run: async ({ use, 'data-dir': dataDir }, invocation) => {
    const keys = await onKeys(dataDir, invocation, (server, config) => server.listKeys(config, use));
    if (invocation.globals.json) printAnswer({ status: 200, body: { resources: keys } }, invocation.context);
    else for (const key of keys) printLine(describeKey(key), invocation.context);
  },
});
