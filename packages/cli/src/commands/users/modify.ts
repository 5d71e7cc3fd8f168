/** `users modify` @module */
import { accountFields, accountFlags } from '../../connect/account-fields.ts';
import { printCall } from '../../connect/call-server.ts';
import { apiPath } from '../../connect/path.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { UsageError } from '../../program/errors.ts';
import { requiredText, switchFlag } from '../../program/flag.ts';

export const command: Command = defineCommand({
  flags: {
    id: requiredText('user_id of the user', { short: 'i', placeholder: 'ID' }),
    ...accountFlags,
    unlock: switchFlag('end a lockout after failed sign-ins'),
  },
  examples: ({ name }) => [
    `${name} users modify --id "local|3f2b8c1e-5d0a-4f57-9a55-0c6c1c1b7a10" --unlock`,
    `${name} users modify --id "local|3f2b8c1e-5d0a-4f57-9a55-0c6c1c1b7a10" --email bob@example.com`,
  ],
  run: async ({ id, unlock, ...account }, invocation) => {
    const fields = await accountFields(account, invocation.context);
    const body = { ...fields, ...(unlock ? { failed_logins_count: 0 } : {}) };
    if (Object.keys(body).length === 0) throw new UsageError('nothing to change: give a flag beside --id');
    await printCall({ method: 'PATCH', path: apiPath('usermgmt/users', id), body }, invocation);
  },
});
