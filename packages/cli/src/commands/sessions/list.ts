/** `sessions list` @module */
import { accountPageFlags, accountPageQuery } from '../../connect/account-paging.ts';
import { accountPath, callAccount } from '../../connect/call-account.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { choiceFlag } from '../../program/flag.ts';
import { printAnswer } from '../../terminal/print.ts';

export const command: Command = defineCommand({
  flags: {
    state: choiceFlag('those that live, or also those that have ended (live)', ['live', 'all']),
    ...accountPageFlags,
  },
  examples: ({ name }) => [
    `${name} sessions list`,
    `${name} sessions list | jq -r '.sessions[] | [.id, .kind, .lastUsedAt] | @tsv'`,
    `${name} sessions list --owner ada --state all`,
  ],
  run: async ({ state, ...paging }, invocation) => {
    const query = { ...(state === null ? {} : { state }), ...accountPageQuery(paging) };
    const answer = await callAccount({ method: 'GET', path: accountPath('sessions'), query }, invocation);
    printAnswer(answer, invocation.context);
  },
});
