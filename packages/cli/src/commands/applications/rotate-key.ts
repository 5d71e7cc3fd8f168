/** `applications rotate-key` @module */
import { accountPath, callAccount } from '../../connect/call-account.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText, textFlag } from '../../program/flag.ts';
import { printAnswer } from '../../terminal/print.ts';
import { readExpiry } from '../../token/expiry.ts';
import { newKeyFlags, readNewKey } from '../../token/new-key.ts';

export const command: Command = defineCommand({
  flags: {
    'keep-previous': textFlag('until when tokens of earlier keys are taken; no longer if left out', {
      placeholder: '10d|DATE',
    }),
    ...newKeyFlags,
  },
  words: { application: requiredText('name or id', { placeholder: 'NAME' }) },
  examples: ({ name }) => [`${name} applications rotate-key 'Billing API' --keep-previous 30d`],
  run: async ({ application, 'keep-previous': keep, ...key }, invocation) => {
    const until = keep === null ? null : readExpiry(keep, invocation.context.nowMs()).toISOString();
    const body = { ...readNewKey(key), ...(until === null ? {} : { keepPreviousUntil: until }) };
    const path = accountPath(`applications/${encodeURIComponent(application)}/rotate-key`);
    printAnswer(await callAccount({ method: 'POST', path, body }, invocation), invocation.context);
  },
});
