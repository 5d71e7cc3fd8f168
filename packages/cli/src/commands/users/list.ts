/** `users list` @module */
import { printCall } from '../../connect/call-server.ts';
import { givenQuery } from '../../connect/fields.ts';
import { pagingFlags } from '../../connect/paging.ts';
import { apiPath } from '../../connect/path.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { listFlag, switchFlag, textFlag } from '../../program/flag.ts';

export const command: Command = defineCommand({
  flags: {
    ...pagingFlags,
    username: textFlag('only the user with this login name', { placeholder: 'NAME' }),
    email: textFlag('only users with this address', { placeholder: 'ADDRESS' }),
    groups: listFlag('only members of these groups', { aliases: ['group'] }),
    'return-groups': switchFlag('show the groups of each user'),
    sort: textFlag('order by this field', { placeholder: 'FIELD' }),
  },
  examples: ({ name }) => [
    `${name} users list --groups admin`,
    `${name} users list --username bob --return-groups`,
  ],
  run: ({ 'return-groups': returnGroups, ...filters }, invocation) => {
    const query = givenQuery({ ...filters, return_groups: returnGroups || null });
    return printCall({ method: 'GET', path: apiPath('usermgmt/users'), query }, invocation);
  },
});
