/** `POST /aapi/jwt/token/renew`: a pair of tokens for the next. @module */
import { Secret } from '@tessera/token';
import type { Connection } from '../tessera/connection.ts';
import { AnswerError } from '../tessera/errors.ts';
import { type Answer, type Request, sendRequest } from '../tessera/send-request.ts';
import { type CloudConnection, connectionTo } from './cloud-connection.ts';
import { parseCloudHost } from './cloud-host.ts';

export interface TokensToRenew {
  readonly accessToken: Secret;
  readonly refreshToken: Secret;
}

export interface RenewedPair extends TokensToRenew {
  /** Seconds the access token lives from now on; null: the answer does not say. */
  readonly accessSeconds: number | null;
  /** Seconds until the refresh token ends; null: it does not, or the answer does not say. */
  readonly refreshSeconds: number | null;
}

/**
 * Renews once, and stores nothing: whoever calls this must keep the new pair before using it.
 *
 * @throws {RefusedError} 401: the pair is refused @throws {UnreachableError} no answer; the same pair may be sent again
 */
export async function renewPair(
  pair: {
    readonly fqdn: string;
    readonly accessToken: Secret | string;
    readonly refreshToken: Secret | string;
  },
  connection: CloudConnection = {},
): Promise<RenewedPair> {
  const asSecret = (token: Secret | string): Secret => (token instanceof Secret ? token : new Secret(token));
  const tokens = { accessToken: asSecret(pair.accessToken), refreshToken: asSecret(pair.refreshToken) };
  return renewAt(connectionTo(parseCloudHost(pair.fqdn).url, connection), tokens);
}

/** The same over a connection that is there already. */
export async function renewAt(connection: Connection, pair: TokensToRenew): Promise<RenewedPair> {
  return readRenewedPair(await sendRequest(connection, buildRenewal(pair)));
}

function buildRenewal({ accessToken, refreshToken }: TokensToRenew): Request {
  return {
    method: 'POST',
    path: '/aapi/jwt/token/renew',
    jwt: accessToken,
    headers: { 'x-refresh-token': refreshToken },
  };
}

/** Keys in any letter case: servers of the original write them with capitals. */
function readRenewedPair({ body }: Answer): RenewedPair {
  const fields = new Map(Object.entries(body ?? {}).map(([key, value]) => [key.toLowerCase(), value]));
  return {
    accessToken: tokenIn(fields, 'accessToken'),
    refreshToken: tokenIn(fields, 'refreshToken'),
    accessSeconds: secondsIn(fields, 'expiresIn'),
    refreshSeconds: secondsIn(fields, 'refreshExpiresIn'),
  };
}

type Fields = ReadonlyMap<string, unknown>;

function tokenIn(fields: Fields, key: string): Secret {
  const value = fields.get(key.toLowerCase());
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return new Secret(value);
  throw new AnswerError(`the server's answer to the renewal has no token in the field "${key}"`);
}

/** What is no length of time is left out: the pair must be kept whatever else the answer says. */
function secondsIn(fields: Fields, key: string): number | null {
  const value = fields.get(key.toLowerCase());
  return typeof value === 'number' && value > 0 && value < 1e10 ? value : null;
}
