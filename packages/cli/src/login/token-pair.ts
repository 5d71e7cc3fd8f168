/** The pair of tokens that a configuration file keeps. @module */
import {
  buildPairRenewal,
  type Connection,
  type GrantedPair,
  readTokenPair,
  Secret,
  sendRequest,
  type TokenPair,
} from '@tessera/client';
import { type ConfigFile, valueIn } from '../config/config-file.ts';
import { dialectIn } from '../config/dialect-in-file.ts';
import type { Key } from '../config/keys.ts';
import type { StoredPair } from '../config/settings.ts';
import type { Context } from '../program/context.ts';
import { LocalError } from '../program/errors.ts';
import { warn } from '../terminal/print.ts';
import { changeConfigFile } from './stored-login.ts';

export function pairIn(file: ConfigFile): TokenPair | null {
  const [accessToken, refreshToken] = [valueIn(file, 'ACCESSTOKEN'), valueIn(file, 'REFRESHTOKEN')];
  if (dialectIn(file) !== 'nebularstack' || accessToken === null || refreshToken === null) return null;
  return { accessToken: new Secret(accessToken), refreshToken: new Secret(refreshToken) };
}

/** The pair and its scope; whoever signs in again comes back to that scope. */
export function pairChanges(granted: GrantedPair): [Key, string | null][] {
  return [
    ['DIALECT', 'nebularstack'],
    ['AUTH_DOMAIN', granted.userDomain],
    ['DOMAIN', granted.domain],
    ['TENANT', granted.tenantId],
    ['ACCESSTOKEN', granted.accessToken.reveal()],
    ['REFRESHTOKEN', granted.refreshToken.reveal()],
  ];
}

/** What a login of another dialect removes of this one. */
export function pairLeftovers(file: ConfigFile): [Key, null][] {
  if (dialectIn(file) !== 'nebularstack') return [];
  return (['DIALECT', 'AUTH_DOMAIN', 'DOMAIN', 'TENANT', 'ACCESSTOKEN'] as const).map((key) => [key, null]);
}

export interface Renewal {
  readonly granted: GrantedPair;
  /** What the server answered, tokens included. */
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Gets a fresh access token, and keeps it where the old one is kept. No lock is held over the request: the refresh token
 * stays as it is, and any number of processes may renew at once.
 */
export async function renewPair(
  connection: Connection,
  pair: StoredPair,
  context: Context,
): Promise<Renewal> {
  const answer = await sendRequest(connection, buildPairRenewal(pair));
  const granted = readTokenPair(answer);
  await keepRenewed(pair, granted, context);
  return { granted, body: answer.body ?? {} };
}

async function keepRenewed(spent: StoredPair, granted: GrantedPair, context: Context): Promise<void> {
  if (spent.path === null) return;
  try {
    await changeConfigFile(spent.path, context, (file) => {
      // Meanwhile somebody may have chosen another scope, or renewed as well: that one is the newer.
      const isStillStored = pairIn(file)?.accessToken.equals(spent.accessToken) === true;
      return isStillStored ? new Map(pairChanges(granted)) : null;
    });
  } catch (error) {
    // The command can do its work all the same; the next one renews again.
    if (!(error instanceof LocalError)) throw error;
    warn(`the renewed login is not kept: ${error.message}`, context);
  }
}
