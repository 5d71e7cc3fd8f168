/** `users get` @module */
import { printCall } from '../../connect/call-server.ts';
import { apiPath } from '../../connect/path.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';

export const command: Command = defineCommand({
  flags: { id: requiredText('user_id of the user', { short: 'i', placeholder: 'ID' }) },
  examples: ({ name }) => [`${name} users get --id "local|3f2b8c1e-5d0a-4f57-9a55-0c6c1c1b7a10"`],
  run: ({ id }, invocation) => printCall({ method: 'GET', path: apiPath('usermgmt/users', id) }, invocation),
});
