/** `backup` @module */
import { resolve } from 'node:path';
import { type Command, defineCommand } from '../program/command.ts';
import { requiredText } from '../program/flag.ts';
import { dataDirFlag, dataDirOf } from '../server/data-dir.ts';
import { runOnDatabase } from '../server/run-on-database.ts';
import { remark } from '../terminal/print.ts';

export const command: Command = defineCommand({
  flags: {
    to: requiredText('the file to write', { placeholder: 'FILE', completion: 'file' }),
    ...dataDirFlag,
  },
  examples: ({ name }) => [
    `${name} backup --to tessera-backup.db`,
    `${name} backup --data-dir /var/lib/tessera --to "/backup/$(date +%F).db"`,
  ],
  run: async (options, invocation) => {
    const { context } = invocation;
    const to = resolve(options.to);
    const dataDir = dataDirOf(options['data-dir'], invocation);
    const { backupDatabase } = await import('@tessera/server');
    await runOnDatabase(`Copying the database in ${dataDir} …`, invocation, () =>
      backupDatabase({ dataDir, to }),
    );
    remark(
      `Keep the master key as well, but elsewhere. To put it back: ${context.personality.name} restore --from ${to}`,
      context,
    );
  },
});
