/** `users list` @module */
import { commandByDialect } from '../../connect/by-dialect.ts';
import { printCall } from '../../connect/call-server.ts';
import { givenQuery } from '../../connect/fields.ts';
import { pagingFlags } from '../../connect/paging.ts';
import { apiPath, scopedPath } from '../../connect/path.ts';
import { printScopedCall } from '../../connect/scoped-call.ts';
import { scopedPageQuery, scopedPagingFlags } from '../../connect/scoped-paging.ts';
import { type Command, defineAction } from '../../program/command.ts';
import { listFlag, switchFlag, textFlag } from '../../program/flag.ts';

const username = textFlag('only the user with this login name', { placeholder: 'NAME' });

export const command: Command = commandByDialect(
  {
    ciphertrust: defineAction({
      flags: {
        ...pagingFlags,
        username,
        email: textFlag('only users with this address', { placeholder: 'ADDRESS' }),
        groups: listFlag('only members of these groups', { aliases: ['group'] }),
        'return-groups': switchFlag('show the groups of each user'),
        sort: textFlag('order by this field', { placeholder: 'FIELD' }),
      },
      run: ({ 'return-groups': returnGroups, ...filters }, invocation) => {
        const query = givenQuery({ ...filters, return_groups: returnGroups || null });
        return printCall({ method: 'GET', path: apiPath('usermgmt/users'), query }, invocation);
      },
    }),
    nebularstack: defineAction({
      flags: {
        ...scopedPagingFlags,
        username,
        'org-name': textFlag('only users of this organization; NAM*: that begin so', { placeholder: 'NAME' }),
      },
      run: ({ username, 'org-name': orgName, ...paging }, invocation) => {
        const query = { ...scopedPageQuery(paging), ...givenQuery({ username, org_name: orgName }) };
        return printScopedCall({ method: 'GET', path: scopedPath('users'), query }, invocation);
      },
    }),
  },
  ({ name }) => [
    `${name} users list --groups admin`,
    `${name} users list --username bob --return-groups`,
    `${name} users list --username 'bob*' --limit 50        # nebularstack`,
  ],
);
