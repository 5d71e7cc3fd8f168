/** `properties reset` @module */
import { printCall } from '../../connect/call-server.ts';
import { apiPath } from '../../connect/path.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';

export const command: Command = defineCommand({
  flags: { name: requiredText('name of the setting', { short: 'n', placeholder: 'NAME' }) },
  examples: ({ name }) => [`${name} properties reset --name MAXIMUM_REFRESH_TOKEN_LIFETIME`],
  run: ({ name }, invocation) =>
    printCall({ method: 'POST', path: `${apiPath('configs/properties', name)}/reset` }, invocation),
});
