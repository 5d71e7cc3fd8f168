/** Ends a stored login at the server it is for. @module */
import { buildRevocation, sendRequest } from '@tessera/client';
import { loadSettings, requireUrl } from '../config/settings.ts';
import { connectionTo } from '../connect/connection.ts';
import type { Invocation } from '../program/command.ts';
import { LocalError } from '../program/errors.ts';
import { warn } from '../terminal/print.ts';
import type { StoredLogin } from './stored-login.ts';

/** The stored URL goes before all others: no other server shall get to see the token. */
export async function revokeLogin(login: StoredLogin, invocation: Invocation): Promise<void> {
  const { refreshToken, clientId } = login;
  if (clientId === null) throw new LocalError('its client id is missing in the configuration file');
  const settings = loadSettings(invocation);
  const url = login.url ?? requireUrl(settings, invocation);
  const isConfigured = url.href === settings.url?.href;
  const { noSslVerify, caFile } = isConfigured ? settings : login;
  const connection = connectionTo(url, { ...settings, noSslVerify, caFile }, invocation.context);
  await sendRequest(connection, buildRevocation({ refreshToken, clientId }));
}

/** Of a login that another one took the place of. */
export async function revokePrevious(previous: StoredLogin, invocation: Invocation): Promise<void> {
  try {
    await revokeLogin(previous, invocation);
  } catch (error) {
    warn(`the previous login could not be revoked: ${(error as Error).message}`, invocation.context);
  }
}
