/** `mfa reset` @module */
import { commandByDialect } from '../../connect/by-dialect.ts';
import { scopedPath } from '../../connect/path.ts';
import { printScopedCall } from '../../connect/scoped-call.ts';
import { type Command, defineAction } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';

export const command: Command = commandByDialect(
  {
    nebularstack: defineAction({
      flags: { 'user-id': requiredText('whose second factor goes', { placeholder: 'ID' }) },
      run: ({ 'user-id': userId }, invocation) =>
        printScopedCall({ method: 'DELETE', path: scopedPath('user', userId, 'mfa') }, invocation),
    }),
  },
  ({ name }) => [`${name} mfa reset --user-id 3f2b8c1e-5d0a-4f57-9a55-0c6c1c1b7a10`],
);
