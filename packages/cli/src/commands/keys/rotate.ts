/** `keys rotate` @module */
import { type Command, defineCommand } from '../../program/command.ts';
import { choiceFlag } from '../../program/flag.ts';
import { onKeys, printKey, startFlags, useFlag, usualUse } from '../../server/key-flags.ts';

export const command: Command = defineCommand({
  flags: {
    alg: choiceFlag('another algorithm than the one in use', ['RS256', 'ES256', 'ES384', 'ES512', 'HS256']),
    use: useFlag,
    ...startFlags,
  },
  examples: ({ name }) => [`${name} keys rotate`, `${name} keys rotate --alg ES256 --at-once`],
  run: async ({ alg, use, 'at-once': atOnce, 'data-dir': dataDir }, invocation) => {
    const start = atOnce ? 'at-once' : 'when-published';
    const made = await onKeys(dataDir, invocation, (server, config) =>
      server.rotateKey(config, { use: use ?? usualUse, alg, start }),
    );
    printKey(made, invocation);
  },
});
