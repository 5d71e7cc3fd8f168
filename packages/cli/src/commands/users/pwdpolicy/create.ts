/** `users pwdpolicy create` @module */
import { printCall } from '../../../connect/call-server.ts';
import { policyFields, policyFlags } from '../../../connect/password-policy-fields.ts';
import { apiPath } from '../../../connect/path.ts';
import { type Command, defineCommand } from '../../../program/command.ts';
import { requiredText } from '../../../program/flag.ts';

export const command: Command = defineCommand({
  flags: { 'policy-name': requiredText('name of the policy', { placeholder: 'NAME' }), ...policyFlags },
  examples: ({ name }) => [
    `${name} users pwdpolicy create --policy-name machines --minlength 32 --lifetime 0`,
    `${name} users pwdpolicy create --policy-name people -t 12 -f '[0,5,30]'`,
  ],
  run: ({ 'policy-name': policyName, ...options }, invocation) => {
    const body = { policy_name: policyName, ...policyFields(options) };
    return printCall({ method: 'POST', path: apiPath('usermgmt/pwdpolicies'), body }, invocation);
  },
});
