/** `users create` @module */
import { accountFields, accountFlags } from '../../connect/account-fields.ts';
import { commandByDialect } from '../../connect/by-dialect.ts';
import { printCall } from '../../connect/call-server.ts';
import { given } from '../../connect/fields.ts';
import { apiPath, scopedPath } from '../../connect/path.ts';
import { personFields, personFlags } from '../../connect/person-fields.ts';
import { printScopedCall } from '../../connect/scoped-call.ts';
import { type Command, defineAction } from '../../program/command.ts';
import { requiredText, textFlag, yesNoFlag } from '../../program/flag.ts';

const username = requiredText('login name', { short: 'n', aliases: ['name'], placeholder: 'NAME' });

export const command: Command = commandByDialect(
  {
    ciphertrust: defineAction({
      flags: {
        username,
        ...accountFlags,
        userconnection: textFlag('where the account is kept', { placeholder: 'NAME' }),
        'is-domain-user': yesNoFlag('whether the account belongs to the domain alone'),
      },
      run: async (options, invocation) => {
        const body = {
          username: options.username,
          ...(await accountFields(options, invocation.context)),
          ...given({ connection: options.userconnection, is_domain_user: options['is-domain-user'] }),
        };
        await printCall({ method: 'POST', path: apiPath('usermgmt/users'), body }, invocation);
      },
    }),
    nebularstack: defineAction({
      flags: {
        username,
        ...personFlags,
        'in-domain': textFlag("home of the user; the token's domain if left out", { placeholder: 'NAME' }),
      },
      run: async ({ username, 'in-domain': domain, ...options }, invocation) => {
        const fields = await personFields(options, invocation.context);
        const body = { username, ...given({ domain }), ...fields };
        await printScopedCall({ method: 'POST', path: scopedPath('user'), body }, invocation);
      },
    }),
  },
  ({ name }) => [
    `${name} users create --username bob --pword-stdin --email bob@example.com < password.txt`,
    `${name} users create -n bob -p 'Old-pass1' --password-change yes`,
    `${name} users create --username bob --pword-stdin --in-domain acme.example < password.txt`,
  ],
);
