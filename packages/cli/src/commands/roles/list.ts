/** `roles list` @module */
import { commandByDialect } from '../../connect/by-dialect.ts';
import { scopedPath } from '../../connect/path.ts';
import { printScopedCall } from '../../connect/scoped-call.ts';
import { scopedPageQuery, scopedPagingFlags } from '../../connect/scoped-paging.ts';
import { type Command, defineAction } from '../../program/command.ts';

export const command: Command = commandByDialect(
  {
    nebularstack: defineAction({
      flags: scopedPagingFlags,
      run: (options, invocation) =>
        printScopedCall(
          { method: 'GET', path: scopedPath('roles'), query: scopedPageQuery(options) },
          invocation,
        ),
    }),
  },
  ({ name }) => [`${name} roles list`, `${name} roles list --all | jq -r '.payload[].name'`],
);
