/** `token deny` @module */
import { Secret } from '@tessera/client';
import { accountPath, callAccount } from '../../connect/call-account.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { UsageError } from '../../program/errors.ts';
import { requiredText, textFlag } from '../../program/flag.ts';
import { printFields } from '../../terminal/print.ts';
import { atServer, serverFlag } from '../../token/at-server.ts';
import { readExpiry } from '../../token/expiry.ts';
import { readToken } from '../../token/given-token.ts';

/** A whole token has three parts; what guards know a token by has none. */
const wholeToken = /^[^.]+\.[^.]*\.[^.]*$/;

export const command: Command = defineCommand({
  flags: {
    application: requiredText('whose guards are to refuse it', { placeholder: 'NAME' }),
    expiry: textFlag('with HASH: when the token ends; denied for ever if left out', {
      placeholder: '10d|DATE',
    }),
    server: serverFlag,
  },
  words: {
    hash: requiredText('its hash claim; "-": the token itself, from standard input', {
      placeholder: 'HASH|-',
    }),
  },
  examples: ({ name }) => [
    `${name} token deny --application 'Billing API' - < token.txt`,
    `${name} token deny --application 'Billing API' de19e3e8-2be5-4ad6-a14c-b0988979773c`,
  ],
  run: async ({ application, expiry, server, hash: word }, invocation) => {
    const { context } = invocation;
    const text = word === '-' ? await readToken(word, context) : word;
    const isToken = wholeToken.test(text);
    if (isToken && expiry !== null)
      throw new UsageError('--expiry goes with a hash: a token says itself when it ends');
    const expiresAt = expiry === null ? {} : { expiresAt: readExpiry(expiry, context.nowMs()).toISOString() };
    const body = { application, ...(isToken ? { token: new Secret(text) } : { hash: text, ...expiresAt }) };
    const request = { method: 'POST', path: accountPath('denied-tokens'), body } as const;
    const answer = await callAccount(request, atServer(server, invocation));
    printFields(answer.body ?? {}, 'token denied', invocation);
  },
});
