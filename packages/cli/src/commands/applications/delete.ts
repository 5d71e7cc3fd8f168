/** `applications delete` @module */
import { accountPath, callAccount } from '../../connect/call-account.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';
import { printFields } from '../../terminal/print.ts';

export const command: Command = defineCommand({
  flags: {},
  words: { application: requiredText('name or id', { placeholder: 'NAME' }) },
  examples: ({ name }) => [`${name} applications delete 'Billing API'`],
  run: async ({ application }, invocation) => {
    const path = accountPath(`applications/${encodeURIComponent(application)}`);
    await callAccount({ method: 'DELETE', path }, invocation);
    printFields({ application }, 'application deleted, with its tokens', invocation);
  },
});
