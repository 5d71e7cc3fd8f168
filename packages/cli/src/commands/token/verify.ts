/** `token verify` @module */
import { KeyError, type Principal, TokenRefused, verifyJsonWebToken } from '@tessera/token';
import { type Command, defineCommand } from '../../program/command.ts';
import type { Context } from '../../program/context.ts';
import { LocalError, UsageError } from '../../program/errors.ts';
import { countFlag, textFlag } from '../../program/flag.ts';
import { printLine } from '../../terminal/print.ts';
import { claimText } from '../../token/claim-text.ts';
import { isFromStdin, readToken, tokenWord } from '../../token/given-token.ts';
import { readSigningKey, signingKeyFlags } from '../../token/signing-key.ts';

export const command: Command = defineCommand({
  flags: {
    ...signingKeyFlags,
    issuer: textFlag('the issuer to expect; poshud.com if left out', { placeholder: 'NAME' }),
    audience: textFlag('the audience to expect; UniversalDashboard if left out', { placeholder: 'NAME' }),
    'clock-skew': countFlag('how far the clocks may be apart; 300 if left out', { placeholder: 'SECONDS' }),
  },
  words: { token: tokenWord },
  examples: ({ name }) => [
    `${name} token verify - < token.txt`,
    `${name} token verify "$TOKEN" --signing-key-file key.txt --issuer IMS`,
  ],
  run: async (options, { context, globals }) => {
    const { issuer, audience, 'clock-skew': clockSkewSeconds, token: word } = options;
    if (options['signing-key-stdin'] && isFromStdin(word)) {
      throw new UsageError('standard input cannot be both the token and the key');
    }
    const signingKey = (await readSigningKey(options, context)).reveal();
    const principal = verify(await readToken(word, context), {
      signingKey,
      now: new Date(context.nowMs()),
      ...(issuer === null ? {} : { issuer }),
      ...(audience === null ? {} : { audience }),
      ...(clockSkewSeconds === null ? {} : { clockSkewSeconds }),
    });
    if (globals.json) return printLine(JSON.stringify(principal, null, 2), context);
    printPrincipal(principal, context);
  },
});

function printPrincipal({ userName, roles, expiresAt }: Principal, context: Context): void {
  printLine(`UserName : ${claimText(userName ?? '')}`, context);
  printLine(`Roles    : ${roles.map(claimText).join(', ')}`.trimEnd(), context);
  printLine(`Expires  : ${expiresAt?.toISOString() ?? ''}`, context);
}

function verify(...given: Parameters<typeof verifyJsonWebToken>): Principal {
  try {
    return verifyJsonWebToken(...given);
  } catch (error) {
    if (error instanceof TokenRefused) throw new LocalError(error.message);
    if (error instanceof TypeError || error instanceof KeyError) throw new UsageError(error.message);
    throw error;
  }
}
