/** One request to the account API, with the kept login of whichever dialect. @module */
import {
  type Answer,
  type Connection,
  NotAuthenticatedError,
  RefusedError,
  type Request,
  readTokenPair,
  type Secret,
  sendRequest,
} from '@tessera/client';
import { loadSettings, requireUrl, type Settings } from '../config/settings.ts';
import type { Invocation } from '../program/command.ts';
import { getApiToken } from './call-server.ts';
import { connectionTo } from './connection.ts';
import { asksForSignIn } from './credential.ts';
import { readyAccess } from './scoped-call.ts';
import { signInForPair } from './sign-in.ts';

export function accountPath(path: string): string {
  return `/account/v1/${path}`;
}

/** @throws {NotAuthenticatedError} the login is over */
export async function callAccount(request: Request, invocation: Invocation): Promise<Answer> {
  const settings = loadSettings(invocation);
  const connection = connectionTo(requireUrl(settings, invocation), settings, invocation.context);
  try {
    const jwt = await accessTokenOf(connection, settings, invocation);
    return await sendRequest(connection, { ...request, jwt });
  } catch (error) {
    if (!(error instanceof RefusedError) || error.status !== 401) throw error;
    throw new NotAuthenticatedError(
      `${error.message}; sign in with ${invocation.context.personality.name} login`,
    );
  }
}

async function accessTokenOf(
  connection: Connection,
  settings: Settings,
  invocation: Invocation,
): Promise<Secret> {
  if (settings.dialect === 'ciphertrust') return getApiToken(connection, settings, invocation);
  const ready = asksForSignIn(invocation.globals)
    ? null
    : await readyAccess(connection, settings, invocation);
  if (ready !== null) return ready.token;
  return readTokenPair(await signInForPair(connection, settings, { kind: null, otp: null }, invocation))
    .accessToken;
}
