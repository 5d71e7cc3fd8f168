/** `token revoke` @module */
import { accountPath, callAccount } from '../../connect/call-account.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText } from '../../program/flag.ts';
import { printFields } from '../../terminal/print.ts';
import { atServer, serverFlag } from '../../token/at-server.ts';

export const command: Command = defineCommand({
  flags: { server: serverFlag },
  words: { hash: requiredText('as token list gives it', { placeholder: 'HASH' }) },
  examples: ({ name }) => [`${name} token revoke de19e3e8-2be5-4ad6-a14c-b0988979773c`],
  run: async ({ hash, server }, invocation) => {
    const path = accountPath(`json-web-tokens/${encodeURIComponent(hash)}`);
    await callAccount({ method: 'DELETE', path }, atServer(server, invocation));
    printFields({ hash }, 'token revoked', invocation);
  },
});
