/** `tokens revoke` @module */
import { buildRevocation, Secret, sendRequest } from '@tessera/client';
import { loadSettings, requireUrl } from '../../config/settings.ts';
import { connectionTo } from '../../connect/connection.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';

/** Needs no sign-in: the token and its client id prove enough. */
export const command: Command = defineCommand({
  flags: {
    'client-id': requiredText('client id that came with the token', { placeholder: 'ID' }),
    'refresh-token': requiredText('the token', { placeholder: 'TOKEN' }),
  },
  examples: ({ name }) => [
    `${name} tokens revoke --client-id ffbbd794-68a3-4da9-83bc-9b0dd7a3ee48 --refresh-token "$TOKEN"`,
  ],
  run: async (options, invocation) => {
    const settings = loadSettings(invocation);
    const connection = connectionTo(requireUrl(settings, invocation), settings, invocation.context);
    const refreshToken = new Secret(options['refresh-token']);
    await sendRequest(connection, buildRevocation({ refreshToken, clientId: options['client-id'] }));
  },
});
