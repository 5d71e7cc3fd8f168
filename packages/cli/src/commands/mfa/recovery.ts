/** `mfa recovery` @module */
import { otpFlag } from '../../connect/ask-credentials.ts';
import { commandByDialect } from '../../connect/by-dialect.ts';
import { oneTimePassword, openOwnAccount } from '../../connect/own-account.ts';
import { scopedPath } from '../../connect/path.ts';
import { type Command, defineAction } from '../../program/command.ts';
import { printAnswer } from '../../terminal/print.ts';

export const command: Command = commandByDialect(
  {
    nebularstack: defineAction({
      flags: otpFlag,
      run: async (options, invocation) => {
        const { password, send } = await openOwnAccount(invocation);
        const otp = await oneTimePassword(options.otp, invocation);
        const request = {
          method: 'POST',
          path: scopedPath('mfa/recovery'),
          body: { password, otp },
        } as const;
        printAnswer(await send(request), invocation.context);
      },
    }),
  },
  ({ name }) => [
    `${name} mfa recovery        # ten new codes in place of the old ones`,
    `${name} mfa recovery --password-stdin --otp "$CODE" < password.txt | jq -r '.recovery_codes[]'`,
  ],
);
