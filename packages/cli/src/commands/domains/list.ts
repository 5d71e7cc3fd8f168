/** `domains list` @module */
import { printCall } from '../../connect/call-server.ts';
import { givenQuery } from '../../connect/fields.ts';
import { pagingFlags } from '../../connect/paging.ts';
import { apiPath } from '../../connect/path.ts';
import { type Command, defineCommand } from '../../program/command.ts';

export const command: Command = defineCommand({
  flags: { ...pagingFlags },
  examples: ({ name }) => [`${name} domains list`],
  run: (options, invocation) =>
    printCall({ method: 'GET', path: apiPath('domains'), query: givenQuery(options) }, invocation),
});
