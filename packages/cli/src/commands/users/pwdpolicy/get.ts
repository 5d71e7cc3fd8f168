/** `users pwdpolicy get` @module */
import { printCall } from '../../../connect/call-server.ts';
import { policyNameFlag } from '../../../connect/password-policy-fields.ts';
import { apiPath } from '../../../connect/path.ts';
import { type Command, defineCommand } from '../../../program/command.ts';

export const command: Command = defineCommand({
  flags: { ...policyNameFlag },
  examples: ({ name }) => [`${name} users pwdpolicy get --policy-name people`],
  run: (options, invocation) => {
    const path = apiPath('usermgmt/pwdpolicies', options['policy-name'] ?? 'global');
    return printCall({ method: 'GET', path }, invocation);
  },
});
