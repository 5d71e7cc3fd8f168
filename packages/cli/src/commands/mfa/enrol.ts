/** `mfa enrol` @module */
import { type Answer, RefusedError } from '@tessera/client';
import { commandByDialect } from '../../connect/by-dialect.ts';
import { type OwnAccount, openOwnAccount } from '../../connect/own-account.ts';
import { scopedPath } from '../../connect/path.ts';
import { type Command, defineAction } from '../../program/command.ts';
import type { Context } from '../../program/context.ts';
import { UsageError } from '../../program/errors.ts';
import { printAnswer } from '../../terminal/print.ts';
import { promptSecret } from '../../terminal/prompt-secret.ts';
import { qrCodeLines } from '../../terminal/qr-code.ts';

const path = scopedPath('mfa');
/** A code read from the wrong account, or one that ended while it was typed. */
const tries = 3;

export const command: Command = commandByDialect(
  {
    nebularstack: defineAction({
      flags: {},
      run: async (_, invocation) => {
        const { context } = invocation;
        // Before anything is made that nobody could see.
        if (context.stdin.isTTY !== true)
          throw new UsageError('mfa enrol shows a QR code, and needs a terminal');
        const account = await openOwnAccount(invocation);
        const { password } = account;
        showSecret(await account.send({ method: 'POST', path, body: { password } }), context);
        printAnswer(await activate(account, context), context);
        context.stderr.write(
          'Keep these recovery codes: each opens the account once, and they are not shown again.\n',
        );
      },
    }),
  },
  ({ name }) => [
    `${name} mfa enrol        # shows a QR code, asks for the first code, prints the recovery codes`,
    `${name} mfa enrol > recovery-codes.json`,
  ],
);

/** On standard error, with the questions: standard output is for the recovery codes. */
function showSecret({ body }: Answer, { stderr }: Context): void {
  const { qr_text: qrText, secret } = body ?? {};
  const lines = typeof qrText === 'string' ? qrCodeLines(qrText, stderr) : [];
  const shown = String(secret).replace(/[^A-Z2-7]/g, '');
  stderr.write(
    `${[...lines, `Scan this with your authenticator, or type the secret: ${shown}`].join('\n')}\n`,
  );
}

async function activate(account: OwnAccount, context: Context): Promise<Answer> {
  for (let left = tries; ; left -= 1) {
    const otp = await promptSecret('first code: ', 'sign in from one', context);
    try {
      return await account.send({ method: 'PUT', path, body: { otp } });
    } catch (error) {
      const isWrongCode = error instanceof RefusedError && error.status === 401 && !error.saysExpired;
      if (!isWrongCode || left === 1) throw error;
      context.stderr.write('That code is not right; wait for the next one.\n');
    }
  }
}
