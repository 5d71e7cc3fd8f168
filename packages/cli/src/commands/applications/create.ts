/** `applications create` @module */
import { accountPath, callAccount } from '../../connect/call-account.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText, textFlag } from '../../program/flag.ts';
import { printAnswer, remark } from '../../terminal/print.ts';
import { newKeyFlags, readNewKey } from '../../token/new-key.ts';

export const command: Command = defineCommand({
  flags: {
    name: requiredText('unique at the server', { placeholder: 'NAME' }),
    issuer: textFlag('of its tokens; poshud.com if left out', { placeholder: 'NAME' }),
    audience: textFlag('of its tokens; UniversalDashboard if left out', { placeholder: 'NAME' }),
    ...newKeyFlags,
  },
  examples: ({ name }) => [
    `${name} applications create --name 'Billing API' --issuer IMS`,
    `${name} applications create --name billing --signing-key-file key.txt | jq -r .credential > credential.txt`,
  ],
  run: async ({ name, issuer, audience, ...key }, invocation) => {
    const body = {
      name,
      ...(issuer === null ? {} : { issuer }),
      ...(audience === null ? {} : { audience }),
      ...readNewKey(key),
    };
    const answer = await callAccount({ method: 'POST', path: accountPath('applications'), body }, invocation);
    printAnswer(answer, invocation.context);
    remark(
      'Keep the credential, and the signing key if one was made: they will not be shown again.',
      invocation.context,
    );
  },
});
