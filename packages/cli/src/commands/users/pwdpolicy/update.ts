/** `users pwdpolicy update` @module */
import { printCall } from '../../../connect/call-server.ts';
import { policyFields, policyFlags, policyNameFlag } from '../../../connect/password-policy-fields.ts';
import { apiPath } from '../../../connect/path.ts';
import { type Command, defineCommand } from '../../../program/command.ts';
import { UsageError } from '../../../program/errors.ts';

export const command: Command = defineCommand({
  flags: { ...policyNameFlag, ...policyFlags },
  examples: ({ name }) => [
    `${name} users pwdpolicy update --minlength 12 --history 10`,
    `${name} users pwdpolicy update --failed-logins-lockout-thresholds '[0,5,30]'`,
  ],
  run: ({ 'policy-name': policyName, ...options }, invocation) => {
    const body = policyFields(options);
    if (Object.keys(body).length === 0)
      throw new UsageError('nothing to change: give a flag beside --policy-name');
    const path = apiPath('usermgmt/pwdpolicies', policyName ?? 'global');
    return printCall({ method: 'PATCH', path, body }, invocation);
  },
});
