/** `system info get` @module */
import { printCall } from '../../../connect/call-server.ts';
import { apiPath } from '../../../connect/path.ts';
import { type Command, defineCommand } from '../../../program/command.ts';

export const command: Command = defineCommand({
  flags: {},
  examples: ({ name }) => [`${name} system info get | jq -r .uptime`],
  run: (_, invocation) => printCall({ method: 'GET', path: apiPath('system/info') }, invocation),
});
