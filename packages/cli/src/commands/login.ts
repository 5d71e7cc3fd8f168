/** `login` @module */
import { type Connection, readTokens, type Tokens } from '@tessera/client';
import { loadSettings, requireUrl, type Settings } from '../config/settings.ts';
import { connectionTo } from '../connect/connection.ts';
import { asksForSignIn } from '../connect/credential.ts';
import { signIn } from '../connect/sign-in.ts';
import { describeLifetime, lifetimeMinutes } from '../login/login-lifetime.ts';
import { renewLogin } from '../login/renew-login.ts';
import { revokeLogin } from '../login/revoke-login.ts';
import { changesFor } from '../login/saved-settings.ts';
import { changeConfigFile, type StoredLogin, storedLoginIn } from '../login/stored-login.ts';
import { type Command, defineCommand, type Invocation } from '../program/command.ts';
import { countFlag, switchFlag } from '../program/flag.ts';
import { printLine, warn } from '../terminal/print.ts';

export const command: Command = defineCommand({
  flags: {
    days: countFlag('the login lives so many days (30 if neither is given)', { placeholder: 'DAYS' }),
    hours: countFlag('and so many hours', { placeholder: 'HOURS' }),
    yes: switchFlag('assume yes; there is nothing it asks', { short: 'y' }),
  },
  examples: ({ name }) => [
    `${name} login --user admin --url https://tessera.example.com`,
    `${name} login --user admin --days 10 --hours 10`,
    `${name} login --user admin --password-stdin --configfile ci.yaml < password.txt`,
    `${name} login        # renews the stored login`,
  ],
  run: async ({ days, hours }, invocation) => {
    const minutes = lifetimeMinutes(days, hours);
    const settings = loadSettings(invocation);
    const connection = connectionTo(requireUrl(settings, invocation), settings, invocation.context);
    const isRenewal = days === null && hours === null && mayRenew(invocation);
    const renewed = isRenewal ? await renewLogin(connection, settings, invocation) : null;
    const tokens = renewed ?? (await beginLogin(connection, settings, minutes, invocation));
    printLine(describeLifetime(tokens.refreshTokenSeconds), invocation.context);
  },
});

function mayRenew({ globals }: Invocation): boolean {
  return !asksForSignIn(globals) && globals.domain === null && globals['auth-domain'] === null;
}

async function beginLogin(
  connection: Connection,
  settings: Settings,
  minutes: number,
  invocation: Invocation,
): Promise<Tokens> {
  const wish = { kind: 'issue', lifetimeMinutes: minutes, idleMinutes: null, labels: [] } as const;
  // Before the lock is taken: nobody shall wait for somebody to type a password.
  const tokens = readTokens(await signIn(connection, settings, wish, invocation));
  const previous = await saveLogin(tokens, settings, invocation);
  if (previous !== null) await revokePrevious(previous, invocation);
  return tokens;
}

/** @returns the login that was in the file until now */
async function saveLogin(
  tokens: Tokens,
  settings: Settings,
  invocation: Invocation,
): Promise<StoredLogin | null> {
  let previous: StoredLogin | null = null;
  try {
    await changeConfigFile(settings.configPath, invocation.context, (file) => {
      previous = storedLoginIn(file);
      return changesFor(file, tokens, settings, invocation);
    });
    return previous;
  } catch (error) {
    // A token that nobody keeps shall not live on.
    const { refreshToken, clientId } = tokens;
    if (refreshToken !== null) {
      const { url, noSslVerify, caFile } = settings;
      await revokeLogin({ refreshToken, clientId, url, noSslVerify, caFile }, invocation).catch(() => {});
    }
    throw error;
  }
}

async function revokePrevious(previous: StoredLogin, invocation: Invocation): Promise<void> {
  try {
    await revokeLogin(previous, invocation);
  } catch (error) {
    warn(`the previous login could not be revoked: ${(error as Error).message}`, invocation.context);
  }
}
