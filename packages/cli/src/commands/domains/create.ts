/** `domains create` @module */
import { printCall } from '../../connect/call-server.ts';
import { given } from '../../connect/fields.ts';
import { apiPath } from '../../connect/path.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { listFlag, requiredText, toggleFlag } from '../../program/flag.ts';

export const command: Command = defineCommand({
  flags: {
    name: requiredText('name of the domain', { short: 'n', placeholder: 'NAME' }),
    admins: listFlag('user_ids of its administrators', { placeholder: 'IDS' }),
    'allow-user-mgmt': toggleFlag('let its administrators manage users of their own'),
  },
  examples: ({ name }) => [`${name} domains create --name finance --admins "$USER_ID" --allow-user-mgmt`],
  run: ({ name, admins, 'allow-user-mgmt': allowUserManagement }, invocation) => {
    const body = given({ name, admins, allow_user_management: allowUserManagement });
    return printCall({ method: 'POST', path: apiPath('domains'), body }, invocation);
  },
});
