/** `applications rotate-credential` @module */
import { accountPath, callAccount } from '../../connect/call-account.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';
import { printAnswer } from '../../terminal/print.ts';

export const command: Command = defineCommand({
  flags: {},
  words: { application: requiredText('name or id', { placeholder: 'NAME' }) },
  examples: ({ name }) => [`${name} applications rotate-credential 'Billing API' | jq -r .credential`],
  run: async ({ application }, invocation) => {
    const path = accountPath(`applications/${encodeURIComponent(application)}/rotate-credential`);
    const answer = await callAccount({ method: 'POST', path, body: {} }, invocation);
    printAnswer(answer, invocation.context);
  },
});
