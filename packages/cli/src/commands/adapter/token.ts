/** `adapter token` @module */
import { adapterFlags, adapterWord } from '../../adapter/adapter-flags.ts';
import { printDryRun } from '../../adapter/print-dry-run.ts';
import { withAdapter } from '../../adapter/with-adapter.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { switchFlag } from '../../program/flag.ts';
import { printLine } from '../../terminal/print.ts';

/** The token itself is never shown. */
export const command: Command = defineCommand({
  flags: {
    ...adapterFlags,
    'dry-run': switchFlag('show the token request, secrets masked, and send nothing'),
  },
  words: adapterWord,
  examples: ({ name }) => [
    `${name} adapter token ./adapter-nms --properties service.json`,
    `${name} adapter token ./adapter-nms --properties service.json --dry-run`,
    `tool-that-prints-json | ${name} adapter token ./adapter-nms --properties - --json`,
  ],
  run: async (options, invocation) =>
    withAdapter(options, invocation, async (client) => {
      const { context, globals } = invocation;
      if (options['dry-run']) return printDryRun(await client.dryRun(), invocation);
      const { fingerprint, expiresAtMs } = await client.tokenSource.get();
      const lifetimeSeconds =
        expiresAtMs === null ? null : Math.max(0, Math.round((expiresAtMs - context.nowMs()) / 1000));
      const expiresAt = expiresAtMs === null ? null : new Date(expiresAtMs).toISOString();
      if (globals.json) {
        printLine(JSON.stringify({ fingerprint, expiresAt, lifetimeSeconds }, null, 2), context);
        return;
      }
      const life = expiresAt === null ? 'not known, or one call' : `${lifetimeSeconds} s, until ${expiresAt}`;
      printLine(`token ${fingerprint}, lifetime: ${life}`, context);
    }),
});
