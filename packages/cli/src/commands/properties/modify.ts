/** `properties modify` @module */
import { printCall } from '../../connect/call-server.ts';
import { apiPath } from '../../connect/path.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { UsageError } from '../../program/errors.ts';
import { requiredText, textFlag } from '../../program/flag.ts';

export const command: Command = defineCommand({
  flags: {
    name: requiredText('name of the setting', { short: 'n', placeholder: 'NAME' }),
    value: textFlag('its new value; "" unsets it'),
  },
  examples: ({ name }) => [
    `${name} properties modify --name MAXIMUM_REFRESH_TOKEN_LIFETIME --value 24h`,
    `${name} properties modify --name MAXIMUM_REFRESH_TOKEN_LIFETIME --value ""`,
  ],
  run: ({ name, value }, invocation) => {
    if (value === null) throw new UsageError('required: --value');
    const path = apiPath('configs/properties', name);
    return printCall({ method: 'PATCH', path, body: { value } }, invocation);
  },
});
