/** `groups delete` @module */
import { printCall } from '../../connect/call-server.ts';
import { apiPath } from '../../connect/path.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';

export const command: Command = defineCommand({
  flags: { name: requiredText('name of the group', { short: 'n', placeholder: 'NAME' }) },
  examples: ({ name }) => [`${name} groups delete --name "Key Users"`],
  run: ({ name }, invocation) =>
    printCall({ method: 'DELETE', path: apiPath('usermgmt/groups', name) }, invocation),
});
