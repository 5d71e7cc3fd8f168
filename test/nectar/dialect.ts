/** API tokens as the suites of this folder make, renew and use them, on a server of each engine. @module */
import assert from 'node:assert/strict';
import {
  type Account,
  type Dialect as Ciphertrust,
  dialectOf as ciphertrustOf,
} from '../ciphertrust/dialect.ts';
import { behindProxy, onEachServer } from '../harness/engines.ts';
import { type Answer, type Api, apiOf } from '../harness/http.ts';
import type { Server, ServerOptions } from '../harness/server.ts';

/** In milliseconds, for moving the clock. */
export const second = 1_000;
export const minute = 60_000;
export const hour = 3_600_000;
export const day = 86_400_000;

export const renewPath = '/aapi/jwt/token/renew';
export const tokensPath = '/account/v1/api-tokens';
export const sessionsPath = '/account/v1/sessions';

/** What a script has in hand. */
export interface Pair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** An API token as it was generated. */
export interface Generated extends Pair {
  readonly id: string;
  readonly name: string;
}

export interface Dialect {
  readonly server: Server;
  readonly api: Api;
  readonly ciphertrust: Ciphertrust;
  /** Epoch milliseconds at the server. */
  nowMs(): number;
  advance(ms: number): void;
  /** A JWT of somebody who has just signed in: `admin`, or another account. */
  signIn(account?: Pick<Account, 'username' | 'password'>): Promise<string>;
  generate(fields: object, jwt?: string): Promise<Answer>;
  /** The same with a name of its own, which must succeed. */
  newToken(fields?: object, jwt?: string): Promise<Generated>;
  renew(pair: Pair, options?: { readonly from?: string; readonly body?: string }): Promise<Answer>;
  /** The next pair, which must be given. */
  next(pair: Pair): Promise<Pair>;
  /** Status of a call at the server's own API. */
  statusWith(accessToken: string): Promise<number>;
  /** The list of one's own tokens, or of another's. */
  list(query?: string, jwt?: string): Promise<readonly ListedToken[]>;
  listed(id: string): Promise<ListedToken>;
}

export interface ListedToken {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly lastUsedAddress: string | null;
  readonly state: string;
  readonly current: boolean;
}

/** Defines `suite` for each engine, with a fresh server that all its tests share in the order written. */
export function onEachEngine(suite: (dialect: Dialect) => void, options: ServerOptions = {}): void {
  const env = { ...behindProxy, ...options.env };
  onEachServer((server) => suite(dialectOf(server)), { ...options, env });
}

let tokenCount = 0;

/** The dialect of a server that `server` gives when it is called. */
export function dialectOf(server: () => Server): Dialect {
  let aheadMs = 0;
  const ciphertrust = ciphertrustOf(server);
  const api = (): Api => apiOf(server().url);
  const dialect: Dialect = {
    get server() {
      return server();
    },
    get api() {
      return api();
    },
    ciphertrust,
    nowMs: () => Date.now() + aheadMs,
    advance(ms) {
      aheadMs += ms;
      server().advance(ms);
    },
    signIn: (account) => ciphertrust.jwt(account),
    generate: async (fields, jwt) => api().post(tokensPath, fields, { jwt: jwt ?? (await dialect.signIn()) }),
    async newToken(fields = {}, jwt) {
      tokenCount += 1;
      return created(await dialect.generate({ name: `token ${tokenCount}`, ...fields }, jwt)).body;
    },
    renew: ({ accessToken, refreshToken }, { from = '192.0.2.10', body } = {}) =>
      api().post(renewPath, body, {
        jwt: accessToken,
        headers: { 'x-refresh-token': refreshToken, 'x-forwarded-for': from },
      }),
    next: async (pair) => pairOf(await dialect.renew(pair)),
    statusWith: async (jwt) => (await api().get('/account/v1/me', { jwt })).status,
    async list(query = '', jwt) {
      const answer = await api().get(`${tokensPath}${query}`, { jwt: jwt ?? (await dialect.signIn()) });
      assert.equal(answer.status, 200, answer.text);
      return answer.body.apiTokens;
    },
    async listed(id) {
      const found = (await dialect.list()).find((token) => token.id === id);
      assert.ok(found);
      return found;
    },
  };
  return dialect;
}

/** The answer, which must be a 201. */
export function created(answer: Answer): Answer {
  assert.equal(answer.status, 201, answer.status < 400 ? '' : answer.text);
  return answer;
}

/** The pair in a 200 that has the five keys and no other. */
export function pairOf(
  answer: Answer,
): Pair & { readonly expiresIn: number; readonly refreshExpiresIn: number | null } {
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(Object.keys(answer.body), [
    'accessToken',
    'refreshToken',
    'tokenType',
    'expiresIn',
    'refreshExpiresIn',
  ]);
  assert.equal(answer.body.tokenType, 'Bearer');
  assert.match(answer.body.refreshToken, /^[A-Za-z0-9]{64}$/);
  return answer.body;
}

/** The error in an answer, in the one shape there is, without the request id, which differs every time. */
export function errorOf(answer: Answer): { status: number; error: string; message: string; field?: string } {
  // First: the body of a success holds tokens, which must not get into a report.
  assert.ok(answer.status >= 400, `expected a refusal, got ${answer.status}`);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  const { requestId, ...others } = answer.body ?? {};
  assert.equal(typeof requestId, 'string', answer.text);
  assert.equal(others.status, answer.status);
  return others;
}

/** The one refusal of every pair. */
export function assertBadPair(answer: Answer): void {
  assert.deepEqual(errorOf(answer), {
    status: 401,
    error: 'Unauthorized',
    message: 'Invalid or expired token pair',
  });
  assert.equal(answer.headers.get('www-authenticate'), 'Bearer error="invalid_token"');
}

/** The one refusal of HTTP Basic. */
export function assertBadPassword(answer: Answer): void {
  assert.deepEqual(errorOf(answer), {
    status: 401,
    error: 'Unauthorized',
    message:
      'Wrong user name or password. Accounts that use single sign-on or a second factor cannot use Basic authentication: generate an API token.',
  });
  assert.equal(answer.headers.get('www-authenticate'), 'Basic realm="Tessera", charset="UTF-8"');
}

/** `Authorization` of a user name and a password. */
export function basic(userName: string, password: string): string {
  return `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`;
}

/** Claims of a JWT. */
// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects by assertions, not by types
export function claimsOf(jwt: string): any {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
}
