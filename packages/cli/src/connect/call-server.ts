/** One authenticated request, the way most commands make theirs. @module */

import {
  type Answer,
  buildRefreshGrant,
  type Connection,
  type Request,
  readTokens,
  type Secret,
  sendRequest,
} from '@tessera/client';
import { loadSettings, requireUrl, type Settings } from '../config/settings.ts';
import type { Invocation } from '../program/command.ts';
import { printAnswer } from '../terminal/print.ts';
import { requireDialect } from './by-dialect.ts';
import { connectionTo } from './connection.ts';
import { type Credential, chooseCredential } from './credential.ts';
import { signIn } from './sign-in.ts';
import { isForDomain } from './token-domain.ts';

/** Sends the request with an API token got by what is configured, and prints the answer. */
export async function printCall(request: Request, invocation: Invocation): Promise<void> {
  printAnswer(await callServer(request, invocation), invocation.context);
}

export async function callServer(request: Request, invocation: Invocation): Promise<Answer> {
  const settings = loadSettings(invocation);
  requireDialect('ciphertrust', settings);
  const connection = connectionTo(requireUrl(settings, invocation), settings, invocation.context);
  const jwt = await getApiToken(connection, settings, invocation);
  return sendRequest(connection, { ...request, jwt });
}

export async function getApiToken(
  connection: Connection,
  settings: Settings,
  invocation: Invocation,
): Promise<Secret> {
  const stored = await storedApiToken(connection, chooseCredential(settings, invocation.globals));
  // Asking for another domain with the stored refresh token would spend it.
  if (stored !== null && (settings.domain === null || isForDomain(stored, settings.domain))) return stored;
  return readTokens(
    await signIn(connection, settings, { refreshToken: { kind: 'none' }, otp: null }, invocation),
  ).jwt;
}

async function storedApiToken(connection: Connection, credential: Credential): Promise<Secret | null> {
  if (credential.kind === 'password') return null;
  if (credential.kind === 'jwt') return credential.jwt;
  const { refreshToken } = credential;
  const grant = buildRefreshGrant({ refreshToken, rotation: 'keep', domain: null });
  return readTokens(await sendRequest(connection, grant)).jwt;
}
