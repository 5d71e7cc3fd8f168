/** `api-tokens revoke` @module */
import { accountPath, callAccount } from '../../connect/call-account.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';
import { printFields } from '../../terminal/print.ts';

export const command: Command = defineCommand({
  flags: {},
  words: { id: requiredText('as api-tokens list gives it', { placeholder: 'ID' }) },
  examples: ({ name }) => [`${name} api-tokens revoke 0c9f6d3e-7a1b-4c52-9d1e-2f7a6b5c4d3e`],
  run: async ({ id }, invocation) => {
    const path = accountPath(`api-tokens/${encodeURIComponent(id)}`);
    await callAccount({ method: 'DELETE', path }, invocation);
    printFields({ id }, 'API token revoked', invocation);
  },
});
