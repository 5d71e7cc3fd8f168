/** `tokens list` @module */
import { printCall } from '../../connect/call-server.ts';
import { givenQuery } from '../../connect/fields.ts';
import { pagingFlags } from '../../connect/paging.ts';
import { apiPath } from '../../connect/path.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { listFlag, switchFlag, textFlag } from '../../program/flag.ts';

export const command: Command = defineCommand({
  flags: {
    ...pagingFlags,
    expired: switchFlag('also show expired tokens'),
    revoked: switchFlag('also show revoked tokens'),
    labels: listFlag('only tokens that carry all these labels'),
    'user-id': textFlag('only tokens of this user', { placeholder: 'ID' }),
  },
  examples: ({ name }) => [
    `${name} tokens list --limit 100`,
    `${name} tokens list --labels backup --revoked | jq -r '.resources[].id'`,
  ],
  run: ({ limit, skip, expired, revoked, labels, 'user-id': userId }, invocation) => {
    const query = givenQuery({
      skip,
      limit,
      expired: expired || null,
      revoked: revoked || null,
      labels,
      user_id: userId,
    });
    return printCall({ method: 'GET', path: apiPath('auth/tokens'), query }, invocation);
  },
});
