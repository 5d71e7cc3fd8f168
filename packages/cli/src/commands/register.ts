/** `register` @module */
import { registerToken, type Secret } from '@tessera/client';
import { type Command, defineCommand, type Invocation } from '../program/command.ts';
import { UsageError } from '../program/errors.ts';
import { type OptionsOf, requiredText, switchFlag, textFlag } from '../program/flag.ts';
import { printFields, warn } from '../terminal/print.ts';
import { promptSecret } from '../terminal/prompt-secret.ts';
import { readTokensFrom } from '../terminal/read-tokens-from.ts';
import { openVaults, passphraseFlag, vaultFlag } from '../vaults/open-vaults.ts';

const flags = {
  'access-token': textFlag('shows in process lists; better --stdin, or be asked', { placeholder: 'TOKEN' }),
  'refresh-token': textFlag('likewise', { placeholder: 'TOKEN' }),
  stdin: switchFlag('read {"accessToken":"…","refreshToken":"…"} from standard input'),
  identifier: textFlag('tells several registrations of one host apart', { placeholder: 'ID' }),
  ...vaultFlag,
  'no-clobber': switchFlag('leave a registration that is there as it is: exit code 6'),
  ...passphraseFlag,
};

type Options = OptionsOf<typeof flags>;

export const command: Command = defineCommand({
  flags,
  words: { fqdn: requiredText('host that the tokens are for', { placeholder: 'HOST' }) },
  examples: ({ name }) => [
    `${name} register us.nectar.services        # asks for both tokens`,
    `${name} register us.nectar.services --access-token "$ACCESS" --refresh-token "$REFRESH"`,
    `${name} register us.nectar.services --stdin --identifier nightly < pair.json`,
    `${name} register us.nectar.services --vault team --no-clobber`,
  ],
  run: async (options, invocation) => {
    const { fqdn, identifier, vault, 'no-clobber': noClobber } = options;
    const vaults = openVaults(options, invocation);
    const tokens = await tokensOf(options, invocation);
    const registered = await registerToken(vaults, { fqdn, ...tokens, identifier, vault, noClobber });
    const line = `stored as ${registered.secret} in the vault "${registered.vault}"`;
    printFields({ ...registered }, line, invocation);
  },
});

interface Tokens {
  readonly accessToken: Secret | string;
  readonly refreshToken: Secret | string;
}

async function tokensOf(options: Options, { context }: Invocation): Promise<Tokens> {
  const { 'access-token': accessToken, 'refresh-token': refreshToken, stdin } = options;
  if (stdin) {
    if (accessToken !== null || refreshToken !== null || options['passphrase-stdin'])
      throw new UsageError('with --stdin both tokens come from standard input, and nothing else does');
    return readTokensFrom(context.stdin);
  }
  if (accessToken !== null && refreshToken !== null) {
    warn(
      'tokens on the command line show in process lists and in the history of the shell; --stdin does not',
      context,
    );
    return { accessToken, refreshToken };
  }
  if (accessToken !== null || refreshToken !== null)
    throw new UsageError('a pair has two tokens: give --access-token and --refresh-token');
  const advice = 'give both by --stdin';
  return {
    accessToken: await promptSecret('access token: ', advice, context),
    refreshToken: await promptSecret('refresh token: ', advice, context),
  };
}
