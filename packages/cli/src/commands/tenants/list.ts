/** `tenants list` @module */
import { commandByDialect } from '../../connect/by-dialect.ts';
import { givenQuery } from '../../connect/fields.ts';
import { scopedPath } from '../../connect/path.ts';
import { printScopedCall } from '../../connect/scoped-call.ts';
import { scopedPageQuery, scopedPagingFlags } from '../../connect/scoped-paging.ts';
import { type Command, defineAction } from '../../program/command.ts';
import { textFlag } from '../../program/flag.ts';

export const command: Command = commandByDialect(
  {
    nebularstack: defineAction({
      flags: {
        ...scopedPagingFlags,
        name: textFlag('only this tenant; with * at the end, all that begin so', { placeholder: 'NAME' }),
      },
      run: ({ name, ...paging }, invocation) => {
        const query = { ...scopedPageQuery(paging), ...givenQuery({ name }) };
        return printScopedCall({ method: 'GET', path: scopedPath('tenants'), query }, invocation);
      },
    }),
  },
  ({ name }) => [`${name} tenants list`, `${name} tenants list --name 'prod*' | jq -r '.payload[].id'`],
);
