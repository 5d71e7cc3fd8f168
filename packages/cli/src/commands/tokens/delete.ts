/** `tokens delete` @module */
import { printCall } from '../../connect/call-server.ts';
import { apiPath } from '../../connect/path.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';

export const command: Command = defineCommand({
  flags: { id: requiredText('id of the token, as "tokens list" shows it', { placeholder: 'ID' }) },
  examples: ({ name }) => [`${name} tokens delete --id ffbbd794-68a3-4da9-83bc-9b0dd7a3ee48`],
  run: ({ id }, invocation) => printCall({ method: 'DELETE', path: apiPath('auth/tokens', id) }, invocation),
});
