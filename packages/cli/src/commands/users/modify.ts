/** `users modify` @module */
import { accountFields, accountFlags } from '../../connect/account-fields.ts';
import { commandByDialect } from '../../connect/by-dialect.ts';
import { printCall } from '../../connect/call-server.ts';
import { someChange } from '../../connect/fields.ts';
import { apiPath, scopedPath } from '../../connect/path.ts';
import { personFields, personFlags } from '../../connect/person-fields.ts';
import { printScopedCall } from '../../connect/scoped-call.ts';
import { type Command, defineAction } from '../../program/command.ts';
import { requiredText, switchFlag } from '../../program/flag.ts';

const id = requiredText('user_id of the user', { short: 'i', placeholder: 'ID' });

export const command: Command = commandByDialect(
  {
    ciphertrust: defineAction({
      flags: { id, ...accountFlags, unlock: switchFlag('end a lockout after failed sign-ins') },
      run: async ({ id, unlock, ...account }, invocation) => {
        const fields = await accountFields(account, invocation.context);
        const body = someChange({ ...fields, ...(unlock ? { failed_logins_count: 0 } : {}) }, 'id');
        await printCall({ method: 'PATCH', path: apiPath('usermgmt/users', id), body }, invocation);
      },
    }),
    nebularstack: defineAction({
      flags: { id, ...personFlags },
      run: async ({ id, ...person }, invocation) => {
        const body = someChange(await personFields(person, invocation.context), 'id');
        await printScopedCall({ method: 'PATCH', path: scopedPath('user', id), body }, invocation);
      },
    }),
  },
  ({ name }) => [
    `${name} users modify --id "local|3f2b8c1e-5d0a-4f57-9a55-0c6c1c1b7a10" --unlock`,
    `${name} users modify --id "local|3f2b8c1e-5d0a-4f57-9a55-0c6c1c1b7a10" --email bob@example.com`,
    `${name} users modify --id "$USER_ID" --enabled no        # nebularstack`,
  ],
);
