/** `users create` @module */
import { accountFields, accountFlags } from '../../connect/account-fields.ts';
import { printCall } from '../../connect/call-server.ts';
import { given } from '../../connect/fields.ts';
import { apiPath } from '../../connect/path.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText, textFlag, yesNoFlag } from '../../program/flag.ts';

export const command: Command = defineCommand({
  flags: {
    username: requiredText('login name', { short: 'n', aliases: ['name'], placeholder: 'NAME' }),
    ...accountFlags,
    userconnection: textFlag('where the account is kept', { placeholder: 'NAME' }),
    'is-domain-user': yesNoFlag('whether the account belongs to the domain alone'),
  },
  examples: ({ name }) => [
    `${name} users create --username bob --pword-stdin --email bob@example.com < password.txt`,
    `${name} users create -n bob -p 'Old-pass1' --password-change yes`,
  ],
  run: async (options, invocation) => {
    const body = {
      username: options.username,
      ...(await accountFields(options, invocation.context)),
      ...given({ connection: options.userconnection, is_domain_user: options['is-domain-user'] }),
    };
    await printCall({ method: 'POST', path: apiPath('usermgmt/users'), body }, invocation);
  },
});
