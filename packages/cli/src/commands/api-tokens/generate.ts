/** `api-tokens generate` @module */
import { type RegisteredToken, registerToken } from '@tessera/client';
import { loadSettings, requireUrl } from '../../config/settings.ts';
import { accountPath, callAccount } from '../../connect/call-account.ts';
import { type Command, defineCommand, type Invocation } from '../../program/command.ts';
import { UsageError } from '../../program/errors.ts';
import { countFlag, type OptionsOf, requiredText, switchFlag, textFlag } from '../../program/flag.ts';
import { printAnswer, printFields, remark } from '../../terminal/print.ts';
import { openVaults, passphraseFlag, vaultFlag } from '../../vaults/open-vaults.ts';

const flags = {
  name: requiredText('what it is for; unique among your living tokens', { placeholder: 'TEXT' }),
  'validity-days': countFlag('ends after so many days; left out, it does not end', { placeholder: 'DAYS' }),
  register: switchFlag('keep the pair in a vault instead of showing it'),
  identifier: textFlag('with --register: under this identifier', { placeholder: 'ID' }),
  ...vaultFlag,
  ...passphraseFlag,
};

type Options = OptionsOf<typeof flags>;

export const command: Command = defineCommand({
  flags,
  examples: ({ name }) => [
    `${name} api-tokens generate --name 'nightly report' --validity-days 90`,
    `${name} api-tokens generate --name nightly --register --identifier nightly`,
    `${name} api-tokens generate --name ci | ssh ci ${name} register tessera.example.com --stdin`,
  ],
  run: async (options, invocation) => {
    const { name, 'validity-days': validityDays, register, identifier, vault } = options;
    if (!register && (identifier !== null || vault !== null))
      throw new UsageError('--identifier and --vault go with --register');
    const keep = register ? await preparedVault(options, invocation) : null;
    const body = { name, ...(validityDays === null ? {} : { validityDays }) };
    const answer = await callAccount({ method: 'POST', path: accountPath('api-tokens'), body }, invocation);
    if (keep === null) {
      printAnswer(answer, invocation.context);
      remark('Keep both values now: they will not be shown again.', invocation.context);
      return;
    }
    const { accessToken, refreshToken, ...shown } = answer.body ?? {};
    const registered = await keep(String(accessToken), String(refreshToken));
    const line = `generated "${shown.name}", stored as ${registered.secret} in the vault "${registered.vault}"`;
    printFields({ ...shown, ...registered }, line, invocation);
  },
});

type Keep = (accessToken: string, refreshToken: string) => Promise<RegisteredToken>;

/** Looked at before the tokens are made: values that cannot be kept would be lost. */
async function preparedVault(options: Options, invocation: Invocation): Promise<Keep> {
  const { identifier, vault } = options;
  const fqdn = requireUrl(loadSettings(invocation), invocation).origin;
  const vaults = openVaults(options, invocation);
  await vaults.open(vault).prepareWrite?.('new');
  return (accessToken, refreshToken) =>
    registerToken(vaults, { fqdn, accessToken, refreshToken, identifier, vault });
}
