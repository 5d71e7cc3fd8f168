/** One request with an access token for a domain or tenant. @module */
import {
  type Answer,
  authenticated,
  type Connection,
  RefusedError,
  type Request,
  readTokenPair,
  type Secret,
  sendRequest,
} from '@tessera/client';
import { loadSettings, requireUrl, type Settings } from '../config/settings.ts';
import { renewPair } from '../login/token-pair.ts';
import type { Invocation } from '../program/command.ts';
import { printAnswer } from '../terminal/print.ts';
import { requireDialect } from './by-dialect.ts';
import { connectionTo } from './connection.ts';
import { asksForSignIn } from './credential.ts';
import { signInForPair } from './sign-in.ts';
import { expiresWithin } from './token-claims.ts';

/** Sends the request and prints the answer. */
export async function printScopedCall(request: Request, invocation: Invocation): Promise<void> {
  printAnswer(await callInScope(request, invocation), invocation.context);
}

async function callInScope(request: Request, invocation: Invocation): Promise<Answer> {
  const settings = loadSettings(invocation);
  requireDialect('nebularstack', settings);
  const connection = connectionTo(requireUrl(settings, invocation), settings, invocation.context);
  const access = await accessFor(connection, settings, invocation);
  return sendWith(access, connection, request);
}

/** An access token, and how to get the next one. */
export interface Access {
  readonly token: Secret;
  /** Domain and tenant for this request alone. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null: there is no way but to sign in. */
  readonly renew: (() => Promise<Secret>) | null;
}

export async function sendWith(access: Access, connection: Connection, request: Request): Promise<Answer> {
  const send = (token: Secret): Promise<Answer> =>
    sendRequest(connection, {
      ...request,
      headers: { ...access.headers, ...authenticated(token).headers },
    });
  try {
    return await send(access.token);
  } catch (error) {
    // The server's clock decides what is expired. Once: a fresh token that is refused stays refused.
    if (!(error instanceof RefusedError && error.saysExpired) || access.renew === null) throw error;
    return send(await access.renew());
  }
}

/** Whoever names a user wants to sign in; else what is at hand serves, a ready token first. */
async function accessFor(
  connection: Connection,
  settings: Settings,
  invocation: Invocation,
): Promise<Access> {
  const { globals } = invocation;
  if (!asksForSignIn(globals)) {
    const ready = await readyAccess(connection, settings, invocation);
    if (ready !== null) return ready;
  }
  const answer = await signInForPair(connection, settings, { kind: null, otp: null }, invocation);
  return { token: readTokenPair(answer).accessToken, headers: {}, renew: null };
}

/** Without a password. Null: nothing is at hand. */
export async function readyAccess(
  connection: Connection,
  { jwt, pair }: Settings,
  { context, globals }: Invocation,
): Promise<Access | null> {
  const headers = {
    ...(globals.domain === null ? {} : { 'x-domain': globals.domain }),
    ...(globals.tenant === null ? {} : { 'x-tenant-id': globals.tenant }),
  };
  if (jwt !== null) return { token: jwt, headers, renew: null };
  if (pair === null) return null;
  const renew = async (): Promise<Secret> => (await renewPair(connection, pair, context)).granted.accessToken;
  const isSpent = expiresWithin(pair.accessToken, 10, context.nowMs());
  return { token: isSpent ? await renew() : pair.accessToken, headers, renew: isSpent ? null : renew };
}
