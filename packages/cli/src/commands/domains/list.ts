/** `domains list` @module */
import { commandByDialect } from '../../connect/by-dialect.ts';
import { printCall } from '../../connect/call-server.ts';
import { givenQuery } from '../../connect/fields.ts';
import { pagingFlags } from '../../connect/paging.ts';
import { apiPath, scopedPath } from '../../connect/path.ts';
import { printScopedCall } from '../../connect/scoped-call.ts';
import { scopedPageQuery, scopedPagingFlags } from '../../connect/scoped-paging.ts';
import { type Command, defineAction } from '../../program/command.ts';
import { textFlag } from '../../program/flag.ts';

export const command: Command = commandByDialect(
  {
    ciphertrust: defineAction({
      flags: pagingFlags,
      run: (options, invocation) =>
        printCall({ method: 'GET', path: apiPath('domains'), query: givenQuery(options) }, invocation),
    }),
    nebularstack: defineAction({
      flags: {
        ...scopedPagingFlags,
        name: textFlag('only this domain; with * at the end, all that begin so', { placeholder: 'NAME' }),
      },
      run: ({ name, ...paging }, invocation) => {
        const query = { ...scopedPageQuery(paging), ...givenQuery({ name }) };
        return printScopedCall({ method: 'GET', path: scopedPath('domains'), query }, invocation);
      },
    }),
  },
  ({ name }) => [`${name} domains list`, `${name} domains list --limit 50 --sort name`],
);
