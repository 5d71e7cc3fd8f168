/** Renews the login that is already there. @module */
import {
  buildRefreshGrant,
  type Connection,
  RefusedError,
  readTokens,
  sendRequest,
  type Tokens,
} from '@tessera/client';
import { readConfigFile } from '../config/config-file.ts';
import { withLock } from '../config/lock.ts';
import { isFor, type Settings } from '../config/settings.ts';
import type { Invocation } from '../program/command.ts';
import type { Context } from '../program/context.ts';
import { changesFor } from './saved-settings.ts';
import { changeLockedFile, type StoredLogin, storedLoginIn, tokenChanges } from './stored-login.ts';

/**
 * The lock is held over the request: of two who renew at once, the second renews what the first one got.
 *
 * @returns null: nothing is stored for this server, or the server does not take it any more
 */
export async function renewLogin(
  connection: Connection,
  settings: Settings,
  invocation: Invocation,
): Promise<Tokens | null> {
  const { context } = invocation;
  const path = settings.configPath;
  if (storedFor(path, settings, context) === null) return null;
  return withLock(path, context.nowMs, async () => {
    const stored = storedFor(path, settings, context);
    if (stored === null) return null;
    const grant = buildRefreshGrant({ refreshToken: stored.refreshToken, rotation: 'renew', domain: null });
    const tokens = await sendRequest(connection, grant).then(readTokens).catch(nullIfUnauthorized);
    if (tokens !== null)
      changeLockedFile(path, context, (current) =>
        changesFor(current, tokenChanges(tokens), settings, invocation),
      );
    return tokens;
  });
}

function storedFor(path: string, settings: Settings, context: Context): StoredLogin | null {
  const file = readConfigFile(path, context);
  return file === null || !isFor(file, settings.url) ? null : storedLoginIn(file);
}

export function nullIfUnauthorized(error: unknown): null {
  if (error instanceof RefusedError && error.status === 401) return null;
  throw error;
}
