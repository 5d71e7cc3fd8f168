/** `groups list` @module */
import { printCall } from '../../connect/call-server.ts';
import { givenQuery } from '../../connect/fields.ts';
import { pagingFlags } from '../../connect/paging.ts';
import { apiPath } from '../../connect/path.ts';
import { type Command, defineCommand } from '../../program/command.ts';

export const command: Command = defineCommand({
  flags: { ...pagingFlags },
  examples: ({ name }) => [`${name} groups list | jq -r '.resources[].name'`],
  run: (options, invocation) =>
    printCall({ method: 'GET', path: apiPath('usermgmt/groups'), query: givenQuery(options) }, invocation),
});
