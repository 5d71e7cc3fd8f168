/** `users get` @module */
import { commandByDialect } from '../../connect/by-dialect.ts';
import { printCall } from '../../connect/call-server.ts';
import { apiPath, scopedPath } from '../../connect/path.ts';
import { printScopedCall } from '../../connect/scoped-call.ts';
import { type Command, defineAction } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';

const flags = { id: requiredText('user_id of the user', { short: 'i', placeholder: 'ID' }) };

export const command: Command = commandByDialect(
  {
    ciphertrust: defineAction({
      flags,
      run: ({ id }, invocation) =>
        printCall({ method: 'GET', path: apiPath('usermgmt/users', id) }, invocation),
    }),
    nebularstack: defineAction({
      flags,
      run: ({ id }, invocation) =>
        printScopedCall({ method: 'GET', path: scopedPath('user', id) }, invocation),
    }),
  },
  ({ name }) => [`${name} users get --id "local|3f2b8c1e-5d0a-4f57-9a55-0c6c1c1b7a10"`],
);
