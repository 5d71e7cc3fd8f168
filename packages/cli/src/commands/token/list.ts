/** `token list` @module */
import { accountPath, callAccount } from '../../connect/call-account.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { choiceFlag, countFlag, textFlag } from '../../program/flag.ts';
import { printAnswer } from '../../terminal/print.ts';
import { atServer, serverFlag } from '../../token/at-server.ts';

export const command: Command = defineCommand({
  flags: {
    application: textFlag('only of this one', { placeholder: 'NAME' }),
    state: choiceFlag('only those', ['live', 'expired', 'revoked', 'suspended']),
    limit: countFlag('so many at once', { placeholder: 'N' }),
    cursor: textFlag('go on from nextCursor of an earlier answer', { placeholder: 'TEXT' }),
    server: serverFlag,
  },
  examples: ({ name }) => [
    `${name} token list --state live`,
    `${name} token list --application 'Billing API' | jq -r '.tokens[] | [.hash, .identity] | @tsv'`,
  ],
  run: async ({ server, limit, ...filter }, invocation) => {
    const given = Object.entries({ ...filter, limit: limit === null ? null : String(limit) });
    const query = Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== null));
    const request = { method: 'GET', path: accountPath('json-web-tokens'), query } as const;
    printAnswer(await callAccount(request, atServer(server, invocation)), invocation.context);
  },
});
