/** `whoami` @module */
import { authenticated, type Connection, type Secret, sendRequest } from '@tessera/client';
import { loadSettings, requireUrl } from '../config/settings.ts';
import { commandByDialect } from '../connect/by-dialect.ts';
import { printCall } from '../connect/call-server.ts';
import { connectionTo } from '../connect/connection.ts';
import { asksForSignIn } from '../connect/credential.ts';
import { apiPath, scopedPath } from '../connect/path.ts';
import { signInForPair } from '../connect/sign-in.ts';
import { claimsOf } from '../connect/token-claims.ts';
import { renewPair } from '../login/token-pair.ts';
import { type Command, defineAction, type Invocation } from '../program/command.ts';
import { type Fields, printWithoutTokens } from '../terminal/print.ts';

export const command: Command = commandByDialect(
  {
    ciphertrust: defineAction({
      flags: {},
      run: (_, invocation) => printCall({ method: 'GET', path: apiPath('auth/self/user') }, invocation),
    }),
    nebularstack: defineAction({
      flags: {},
      run: async (_, invocation) => printWithoutTokens(await ownContext(invocation), invocation.context),
    }),
  },
  ({ name }) => [`${name} whoami`, `${name} whoami | jq -c .roles`],
);

/** As of now: a kept login is renewed, since the roles in its token may be as old as the token. */
async function ownContext(invocation: Invocation): Promise<Fields> {
  const settings = loadSettings(invocation);
  const connection = connectionTo(requireUrl(settings, invocation), settings, invocation.context);
  const { jwt, pair } = settings;
  const isSignIn = asksForSignIn(invocation.globals);
  if (!isSignIn && jwt !== null) return livingClaims(connection, jwt);
  if (!isSignIn && pair !== null) return (await renewPair(connection, pair, invocation.context)).body;
  const answer = await signInForPair(connection, settings, { kind: null, otp: null }, invocation);
  return answer.body ?? {};
}

/** What a ready token says of itself, once the server has taken it. */
async function livingClaims(connection: Connection, jwt: Secret): Promise<Fields> {
  const path = scopedPath('access');
  await sendRequest(connection, { method: 'GET', path, query: { l: '1' }, ...authenticated(jwt) });
  return claimsOf(jwt);
}
