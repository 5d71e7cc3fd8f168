/** Signs in with a password and keeps the refresh token (`ciphertrust`). @module */
import { type Connection, readTokens, type Tokens } from '@tessera/client';
import { loadSettings, requireUrl, type Settings } from '../config/settings.ts';
import { otpFlag } from '../connect/ask-credentials.ts';
import { connectionTo } from '../connect/connection.ts';
import { signIn } from '../connect/sign-in.ts';
import { type Action, defineAction, type Invocation } from '../program/command.ts';
import { countFlag, type OptionsOf, switchFlag } from '../program/flag.ts';
import { printLine } from '../terminal/print.ts';
import { describeLifetime, lifetimeMinutes } from './login-lifetime.ts';
import { mayRenew } from './may-renew.ts';
import { renewLogin } from './renew-login.ts';
import { revokeLogin, revokePrevious } from './revoke-login.ts';
import { changesFor } from './saved-settings.ts';
import { changeConfigFile, type StoredLogin, storedLoginIn, tokenChanges } from './stored-login.ts';
import { pairLeftovers } from './token-pair.ts';

const flags = {
  days: countFlag('the login lives so many days (30 if neither is given)', { placeholder: 'DAYS' }),
  hours: countFlag('and so many hours', { placeholder: 'HOURS' }),
  ...otpFlag,
  yes: switchFlag('assume yes; there is nothing it asks', { short: 'y' }),
};

export const keepRefreshToken: Action = defineAction({
  flags,
  run: async (options, invocation) => {
    const { days, hours, otp } = options;
    const settings = loadSettings(invocation, 'made');
    const minutes = lifetimeMinutes(days, hours);
    const connection = connectionTo(requireUrl(settings, invocation), settings, invocation.context);
    const isRenewal = days === null && hours === null && otp === null && mayRenew(invocation);
    const renewed = isRenewal ? await renewLogin(connection, settings, invocation) : null;
    const tokens = renewed ?? (await beginLogin(connection, settings, { minutes, otp }, invocation));
    printLine(describeLifetime(tokens.refreshTokenSeconds), invocation.context);
  },
});

type LoginWish = Pick<OptionsOf<typeof flags>, 'otp'> & { readonly minutes: number };

async function beginLogin(
  connection: Connection,
  settings: Settings,
  { minutes, otp }: LoginWish,
  invocation: Invocation,
): Promise<Tokens> {
  const refreshToken = {
    kind: 'issue',
    lifetimeMinutes: minutes,
    idleMinutes: null,
    labels: [],
    purpose: 'interactive',
  } as const;
  // Before the lock is taken: nobody shall wait for somebody to type a password.
  const tokens = readTokens(await signIn(connection, settings, { refreshToken, otp }, invocation));
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
      return changesFor(file, [...pairLeftovers(file), ...tokenChanges(tokens)], settings, invocation);
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
