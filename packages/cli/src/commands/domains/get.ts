/** `domains get` @module */
import { commandByDialect } from '../../connect/by-dialect.ts';
import { scopedPath } from '../../connect/path.ts';
import { printScopedCall } from '../../connect/scoped-call.ts';
import { type Command, defineAction } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';

export const command: Command = commandByDialect(
  {
    nebularstack: defineAction({
      flags: { name: requiredText('name of the domain', { short: 'n', placeholder: 'NAME' }) },
      run: ({ name }, invocation) =>
        printScopedCall({ method: 'GET', path: scopedPath('domain', name) }, invocation),
    }),
  },
  ({ name }) => [`${name} domains get --name acme.example`],
);
