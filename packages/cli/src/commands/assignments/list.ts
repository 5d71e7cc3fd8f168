/** `assignments list` @module */
import { commandByDialect } from '../../connect/by-dialect.ts';
import { scopedPath } from '../../connect/path.ts';
import { printScopedCall } from '../../connect/scoped-call.ts';
import { scopedPageQuery, scopedPagingFlags } from '../../connect/scoped-paging.ts';
import { type Command, defineAction } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';

export const command: Command = commandByDialect(
  {
    nebularstack: defineAction({
      flags: {
        'user-id': requiredText('whose assignments', { placeholder: 'ID' }),
        ...scopedPagingFlags,
      },
      run: ({ 'user-id': userId, ...paging }, invocation) => {
        const path = `${scopedPath('user', userId)}/assignments`;
        return printScopedCall({ method: 'GET', path, query: scopedPageQuery(paging) }, invocation);
      },
    }),
  },
  ({ name }) => [`${name} assignments list --user-id 3f2b8c1e-5d0a-4f57-9a55-0c6c1c1b7a10`],
);
