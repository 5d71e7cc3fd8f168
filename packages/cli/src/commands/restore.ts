/** `restore` @module */
import { resolve } from 'node:path';
import { type Command, defineCommand } from '../program/command.ts';
import { requiredText, switchFlag } from '../program/flag.ts';
import { dataDirFlag, dataDirOf } from '../server/data-dir.ts';
import { runOnDatabase } from '../server/run-on-database.ts';

export const command: Command = defineCommand({
  flags: {
    from: requiredText('the file that "backup" wrote', { placeholder: 'FILE', completion: 'file' }),
    'keep-sessions': switchFlag(
      'let sessions in the copy live on, those revoked since then too; else all end',
    ),
    ...dataDirFlag,
  },
  examples: ({ name }) => [
    `${name} restore --from tessera-backup.db`,
    `${name} restore --from tessera-backup.db --keep-sessions --data-dir /var/lib/tessera`,
  ],
  run: async (options, invocation) => {
    const from = resolve(options.from);
    const dataDir = dataDirOf(options['data-dir'], invocation);
    const keepSessions = options['keep-sessions'] ? 'keep' : 'end';
    const nowMs = invocation.context.nowMs();
    const { restoreDatabase } = await import('@tessera/server');
    await runOnDatabase(`Putting ${from} into ${dataDir} …`, invocation, () =>
      restoreDatabase({ dataDir, from, keepSessions, nowMs }),
    );
  },
});
