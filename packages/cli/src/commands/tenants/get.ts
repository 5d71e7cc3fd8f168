/** `tenants get` @module */
import { commandByDialect } from '../../connect/by-dialect.ts';
import { scopedPath } from '../../connect/path.ts';
import { printScopedCall } from '../../connect/scoped-call.ts';
import { type Command, defineAction } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';

export const command: Command = commandByDialect(
  {
    nebularstack: defineAction({
      flags: { id: requiredText('id of the tenant', { short: 'i', placeholder: 'ID' }) },
      run: ({ id }, invocation) =>
        printScopedCall({ method: 'GET', path: scopedPath('tenant', id) }, invocation),
    }),
  },
  ({ name }) => [`${name} tenants get --id 7d1f3f0e-8a35-4f0e-9d0b-5a9f2f1f6c11`],
);
