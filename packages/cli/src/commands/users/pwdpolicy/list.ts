/** `users pwdpolicy list` @module */
import { printCall } from '../../../connect/call-server.ts';
import { givenQuery } from '../../../connect/fields.ts';
import { pagingFlags } from '../../../connect/paging.ts';
import { apiPath } from '../../../connect/path.ts';
import { type Command, defineCommand } from '../../../program/command.ts';

export const command: Command = defineCommand({
  flags: { ...pagingFlags },
  examples: ({ name }) => [`${name} users pwdpolicy list`],
  run: (options, invocation) => {
    const query = givenQuery(options);
    return printCall({ method: 'GET', path: apiPath('usermgmt/pwdpolicies'), query }, invocation);
  },
});
