/** `domains create` @module */
import { commandByDialect } from '../../connect/by-dialect.ts';
import { printCall } from '../../connect/call-server.ts';
import { given } from '../../connect/fields.ts';
import { apiPath, scopedPath } from '../../connect/path.ts';
import { printScopedCall } from '../../connect/scoped-call.ts';
import { type Command, defineAction } from '../../program/command.ts';
import { listFlag, requiredText, toggleFlag, yesNoFlag } from '../../program/flag.ts';

const name = requiredText('name of the domain', { short: 'n', placeholder: 'NAME' });

export const command: Command = commandByDialect(
  {
    ciphertrust: defineAction({
      flags: {
        name,
        admins: listFlag('user_ids of its administrators', { placeholder: 'IDS' }),
        'allow-user-mgmt': toggleFlag('let its administrators manage users of their own'),
      },
      run: ({ name, admins, 'allow-user-mgmt': allowUserManagement }, invocation) => {
        const body = given({ name, admins, allow_user_management: allowUserManagement });
        return printCall({ method: 'POST', path: apiPath('domains'), body }, invocation);
      },
    }),
    nebularstack: defineAction({
      flags: { name, enabled: yesNoFlag('whether it may be used at once') },
      run: (fields, invocation) =>
        printScopedCall({ method: 'POST', path: scopedPath('domain'), body: given(fields) }, invocation),
    }),
  },
  (personality) => [
    `${personality.name} domains create --name finance --admins "$USER_ID" --allow-user-mgmt`,
    `${personality.name} domains create --name acme.example`,
  ],
);
