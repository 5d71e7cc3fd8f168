/** `groups adduser` @module */
import { printCall } from '../../connect/call-server.ts';
import { apiPath, pathSegment } from '../../connect/path.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';

export const command: Command = defineCommand({
  flags: {
    name: requiredText('name of the group', { short: 'n', placeholder: 'NAME' }),
    userid: requiredText('user_id of the user', { short: 'u', placeholder: 'ID' }),
  },
  examples: ({ name }) => [`${name} groups adduser --name "Key Users" --userid "$USER_ID"`],
  run: ({ name, userid }, invocation) => {
    const path = `${apiPath('usermgmt/groups', name)}/users/${pathSegment(userid)}`;
    return printCall({ method: 'POST', path }, invocation);
  },
});
