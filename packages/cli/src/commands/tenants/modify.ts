/** `tenants modify` @module */
import { commandByDialect } from '../../connect/by-dialect.ts';
import { someChange } from '../../connect/fields.ts';
import { scopedPath } from '../../connect/path.ts';
import { printScopedCall } from '../../connect/scoped-call.ts';
import { type Command, defineAction } from '../../program/command.ts';
import { requiredText, textFlag, yesNoFlag } from '../../program/flag.ts';

export const command: Command = commandByDialect(
  {
    nebularstack: defineAction({
      flags: {
        id: requiredText('id of the tenant', { short: 'i', placeholder: 'ID' }),
        name: textFlag('its new name', { short: 'n', placeholder: 'NAME' }),
        enabled: yesNoFlag('whether it may be used'),
      },
      run: ({ id, ...fields }, invocation) =>
        printScopedCall(
          { method: 'PATCH', path: scopedPath('tenant', id), body: someChange(fields, 'id') },
          invocation,
        ),
    }),
  },
  ({ name }) => [`${name} tenants modify --id 7d1f3f0e-8a35-4f0e-9d0b-5a9f2f1f6c11 --enabled no`],
);
