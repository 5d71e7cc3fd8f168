/** `applications list` @module */
import { accountPath, callAccount } from '../../connect/call-account.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { countFlag, textFlag } from '../../program/flag.ts';
import { printAnswer } from '../../terminal/print.ts';

export const command: Command = defineCommand({
  flags: {
    limit: countFlag('so many at once', { placeholder: 'N' }),
    cursor: textFlag('go on from nextCursor of an earlier answer', { placeholder: 'TEXT' }),
  },
  examples: ({ name }) => [`${name} applications list`],
  run: async ({ limit, cursor }, invocation) => {
    const query = {
      ...(limit === null ? {} : { limit: String(limit) }),
      ...(cursor === null ? {} : { cursor }),
    };
    const answer = await callAccount({ method: 'GET', path: accountPath('applications'), query }, invocation);
    printAnswer(answer, invocation.context);
  },
});
