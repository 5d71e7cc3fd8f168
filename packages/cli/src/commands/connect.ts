/** `connect` @module */
import { type ConnectOptions, connect, parseCloudHost } from '@tessera/client';
import { type KeptConnection, writeConnection } from '../cloud/connection-file.ts';
import { passwordForHost, reachHost } from '../cloud/reach-host.ts';
import { type Command, defineCommand, type Invocation } from '../program/command.ts';
import { UsageError } from '../program/errors.ts';
import { type OptionsOf, requiredText, switchFlag, textFlag } from '../program/flag.ts';
import { printFields } from '../terminal/print.ts';
import { openVaults, passphraseFlag, vaultFlag } from '../vaults/open-vaults.ts';

const flags = {
  'use-token': switchFlag('log in with the pair of tokens registered for the host'),
  identifier: textFlag("which of the host's registrations", { placeholder: 'ID' }),
  ...vaultFlag,
  'credential-secret': textFlag('log in with the user and password in this secret', { placeholder: 'NAME' }),
  'check-path': textFlag('asked to see whether the login works (/account/v1/me)', { placeholder: 'PATH' }),
  ...passphraseFlag,
};

type Options = OptionsOf<typeof flags>;

export const command: Command = defineCommand({
  flags,
  words: { fqdn: requiredText('host to log in to', { placeholder: 'HOST' }) },
  examples: ({ name }) => [
    `${name} connect us.nectar.services --use-token`,
    `${name} connect us.nectar.services --use-token --identifier nightly --vault team`,
    `${name} connect us.nectar.services --user ada@example.com        # asks for the password`,
    `${name} connect us.nectar.services --credential-secret nectar-ada`,
    `${name} connect api.example.com --use-token --check-path /v1/ping`,
  ],
  run: async (options, invocation) => {
    const { fqdn, 'check-path': checkPath, vault } = options;
    const { url } = parseCloudHost(fqdn);
    const { caFile, ...connection } = reachHost(null, invocation);
    const login = await loginOf(options, invocation);
    const environment = await connect(openVaults(options, invocation), {
      fqdn: url.origin,
      ...login,
      vault,
      connection,
      ...(checkPath === null ? {} : { checkPath }),
    });
    const { identifier, secret, userName } = environment;
    writeConnection({ url: url.href, login: keptLogin(login, environment), caFile }, invocation.context);
    const who = userName === null ? '' : ` as ${userName}`;
    const body = { fqdn: environment.fqdn, identifier, vault: environment.vault, secret, userName };
    printFields(body, `connected to ${url.origin}${who}`, invocation);
  },
});

type Login = Pick<ConnectOptions, 'useToken' | 'credential' | 'credentialSecret' | 'identifier'>;

async function loginOf(options: Options, invocation: Invocation): Promise<Login> {
  const { 'use-token': useToken, 'credential-secret': credentialSecret, identifier } = options;
  const { user } = invocation.globals;
  const ways = [useToken, credentialSecret !== null, user !== null].filter(Boolean).length;
  if (ways !== 1) throw new UsageError('say how: --use-token, or --user NAME, or --credential-secret NAME');
  if (identifier !== null && !useToken) throw new UsageError('--identifier goes with --use-token');
  if (useToken) return { useToken, identifier };
  if (credentialSecret !== null) return { credentialSecret };
  return { credential: { userName: user ?? '', password: await passwordForHost(invocation) } };
}

/** Never a value: what `call` needs to find them again. */
function keptLogin(
  { credential, credentialSecret }: Login,
  { identifier, vault }: { readonly identifier: string | null; readonly vault: string | null },
): KeptConnection['login'] {
  if (credential !== undefined) return { kind: 'user', userName: credential.userName };
  if (credentialSecret !== undefined)
    return { kind: 'credential-secret', secret: credentialSecret, vault: vault ?? '' };
  return { kind: 'token', identifier, vault: vault ?? '' };
}
