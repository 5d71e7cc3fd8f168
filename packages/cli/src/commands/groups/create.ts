/** `groups create` @module */
import { printCall } from '../../connect/call-server.ts';
import { given } from '../../connect/fields.ts';
import { apiPath } from '../../connect/path.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText, textFlag } from '../../program/flag.ts';

export const command: Command = defineCommand({
  flags: {
    name: requiredText('name of the group', { short: 'n', placeholder: 'NAME' }),
    description: textFlag('what the group is for', { short: 'd' }),
  },
  examples: ({ name }) => [`${name} groups create --name Operators --description "run the machines"`],
  run: (options, invocation) =>
    printCall({ method: 'POST', path: apiPath('usermgmt/groups'), body: given(options) }, invocation),
});
