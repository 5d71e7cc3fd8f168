/** `api-tokens list` @module */
import { accountPageFlags, accountPageQuery } from '../../connect/account-paging.ts';
import { accountPath, callAccount } from '../../connect/call-account.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { choiceFlag } from '../../program/flag.ts';
import { printAnswer } from '../../terminal/print.ts';

const states = ['live', 'expired', 'revoked', 'reused', 'suspended'];

export const command: Command = defineCommand({
  flags: { state: choiceFlag('only those', states), ...accountPageFlags },
  examples: ({ name }) => [
    `${name} api-tokens list`,
    `${name} api-tokens list --state live | jq -r '.apiTokens[] | [.id, .name] | @tsv'`,
    `${name} api-tokens list --owner ada        # for administrators`,
  ],
  run: async ({ state, ...paging }, invocation) => {
    const query = { ...(state === null ? {} : { state }), ...accountPageQuery(paging) };
    const answer = await callAccount({ method: 'GET', path: accountPath('api-tokens'), query }, invocation);
    printAnswer(answer, invocation.context);
  },
});
