/** `tenants create` @module */
import { commandByDialect } from '../../connect/by-dialect.ts';
import { given } from '../../connect/fields.ts';
import { scopedPath } from '../../connect/path.ts';
import { printScopedCall } from '../../connect/scoped-call.ts';
import { type Command, defineAction } from '../../program/command.ts';
import { requiredText, textFlag, yesNoFlag } from '../../program/flag.ts';

export const command: Command = commandByDialect(
  {
    nebularstack: defineAction({
      flags: {
        name: requiredText('name of the tenant', { short: 'n', placeholder: 'NAME' }),
        'in-domain': textFlag("domain it is part of; the token's if left out", { placeholder: 'NAME' }),
        enabled: yesNoFlag('whether it may be used at once'),
      },
      run: ({ name, 'in-domain': domain, enabled }, invocation) => {
        const body = given({ name, domain, enabled });
        return printScopedCall({ method: 'POST', path: scopedPath('tenant'), body }, invocation);
      },
    }),
  },
  ({ name }) => [
    `${name} tenants create --name production`,
    `${name} tenants create --name production --in-domain acme.example`,
  ],
);
