/** `domains modify` @module */
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
        name: requiredText('name of the domain', { short: 'n', placeholder: 'NAME' }),
        'new-name': textFlag('its new name', { placeholder: 'NAME' }),
        enabled: yesNoFlag('whether it may be used'),
      },
      run: ({ name, 'new-name': newName, enabled }, invocation) =>
        printScopedCall(
          {
            method: 'PATCH',
            path: scopedPath('domain', name),
            body: someChange({ name: newName, enabled }, 'name'),
          },
          invocation,
        ),
    }),
  },
  ({ name }) => [`${name} domains modify --name acme.example --enabled no`],
);
