/** Signs in with a password and keeps an access token with its refresh token (`nebularstack`). @module */
import {
  type Answer,
  type Connection,
  type GrantedPair,
  readTokenPair,
  type TokenKind,
} from '@tessera/client';
import { loadSettings, requireUrl, type Settings } from '../config/settings.ts';
import { otpFlag } from '../connect/ask-credentials.ts';
import { connectionTo } from '../connect/connection.ts';
import { type PairWish, signInForPair } from '../connect/sign-in.ts';
import { type Action, defineAction, type Invocation } from '../program/command.ts';
import { choiceFlag, switchFlag } from '../program/flag.ts';
import { printLine } from '../terminal/print.ts';
import { describeLifetime } from './login-lifetime.ts';
import { mayRenew } from './may-renew.ts';
import { nullIfUnauthorized } from './renew-login.ts';
import { revokePrevious } from './revoke-login.ts';
import { changesFor } from './saved-settings.ts';
import { changeConfigFile, type StoredLogin, storedLoginIn } from './stored-login.ts';
import { pairChanges, renewPair } from './token-pair.ts';

const kinds = ['standard', 'minimal'] as const satisfies readonly TokenKind[];

export const keepTokenPair: Action = defineAction({
  flags: {
    type: choiceFlag('minimal carries no roles and needs no one-time password', kinds),
    ...otpFlag,
    yes: switchFlag('assume yes; there is nothing it asks', { short: 'y' }),
  },
  run: async ({ type, otp }, invocation) => {
    const settings = loadSettings(invocation, 'made');
    const connection = connectionTo(requireUrl(settings, invocation), settings, invocation.context);
    const isRenewal = type === null && otp === null && mayRenew(invocation);
    const renewed = isRenewal ? await renewKept(connection, settings, invocation) : null;
    const kind = kinds.find((name) => name === type) ?? null;
    const granted = renewed ?? (await beginLogin(connection, settings, { kind, otp }, invocation));
    const seconds = granted.refreshExpiresAtSeconds - granted.grantedAtSeconds;
    printLine(`${describeLifetime(seconds)} without use`, invocation.context);
  },
});

/** @returns null: nothing is kept, or the server does not take it any more */
async function renewKept(
  connection: Connection,
  { pair }: Settings,
  { context }: Invocation,
): Promise<GrantedPair | null> {
  if (pair === null) return null;
  const renewal = await renewPair(connection, pair, context).catch(nullIfUnauthorized);
  return renewal?.granted ?? null;
}

async function beginLogin(
  connection: Connection,
  settings: Settings,
  wish: PairWish,
  invocation: Invocation,
): Promise<GrantedPair> {
  const answer: Answer = await signInForPair(connection, settings, wish, invocation);
  const granted = readTokenPair(answer);
  let previous: StoredLogin | null = null;
  await changeConfigFile(settings.configPath, invocation.context, (file) => {
    previous = storedLoginIn(file);
    return changesFor(file, [['CLIENTID', null], ...pairChanges(granted)], settings, invocation);
  });
  // A pair has nothing to be revoked by; what it takes the place of may have.
  if (previous !== null) await revokePrevious(previous, invocation);
  return granted;
}
