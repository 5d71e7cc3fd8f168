/** `tokens self-domains` @module */
import { printCall } from '../../connect/call-server.ts';
import { apiPath } from '../../connect/path.ts';
import { type Command, defineCommand } from '../../program/command.ts';

export const command: Command = defineCommand({
  flags: {},
  examples: ({ name }) => [`${name} tokens self-domains | jq -r '.resources[].name'`],
  run: (_, invocation) => printCall({ method: 'GET', path: apiPath('auth/self/domains') }, invocation),
});
