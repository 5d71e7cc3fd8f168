/** The ciphertrust dialect as the suites of this folder call it, on a server of each engine. @module */
import assert from 'node:assert/strict';
import { onEachServer } from '../harness/engines.ts';
import { type Answer, type Api, apiOf } from '../harness/http.ts';
import { newPassword, type Server } from '../harness/server.ts';

export const tokensPath = '/api/v1/auth/tokens';
export const propertiesPath = '/api/v1/configs/properties';
export const usersPath = '/api/v1/usermgmt/users';
export const rootDomainId = '00000000-0000-0000-0000-000000000000';
export const refreshTokenForm: RegExp = /^[A-Za-z0-9]{64}$/;
export const uuidForm: RegExp = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const timeForm: RegExp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** In milliseconds, for moving the clock. */
export const second = 1_000;
export const minute = 60_000;
export const hour = 3_600_000;
export const day = 86_400_000;

/** What a session that has a refresh token is known by. */
export interface Grant {
  readonly jwt: string;
  readonly refreshToken: string;
  readonly clientId: string;
  /** `refresh_token_expires_in`, whole seconds; `undefined`: never. */
  readonly expiresInSeconds: number | undefined;
}

export interface Account {
  readonly username: string;
  readonly password: string;
  readonly userId: string;
}

/** A running server, spoken to in the dialect; `…` methods without a word on the status give the plain answer. */
export interface Dialect {
  readonly server: Server;
  readonly api: Api;
  /** Password grant of `admin`, or of another account. */
  issue(fields?: object, account?: { username: string; password: string }): Promise<Answer>;
  /** The same with a refresh token, which must succeed. */
  grant(fields?: object, account?: { username: string; password: string }): Promise<Grant>;
  /** Refresh grant. */
  refresh(refreshToken: string, fields?: object): Promise<Answer>;
  /** Refresh grant with a new refresh token. */
  renew(refreshToken: string): Promise<Answer>;
  /** A new API token of `admin`, or of another account. */
  jwt(account?: { username: string; password: string }): Promise<string>;
  /** Creates a user without any group. */
  createUser(fields?: object): Promise<Account>;
  setProperty(name: string, value: string): Promise<void>;
  /** Status of a protected call with this API token. */
  statusWith(jwt: string): Promise<number>;
}

/** Defines `suite` for each engine, with a fresh server that all its tests share in the order written. */
export function onEachEngine(suite: (dialect: Dialect) => void): void {
  onEachServer((server) => suite(dialectOf(server)));
}

let userCount = 0;

/** The dialect of a server that `server` gives when it is called. */
export function dialectOf(server: () => Server): Dialect {
  const api = (): Api => apiOf(server().url);
  const admin = (): { username: string; password: string } => ({
    username: 'admin',
    password: server().adminPassword,
  });
  const dialect: Dialect = {
    get server() {
      return server();
    },
    get api() {
      return api();
    },
    issue: (fields = {}, account = admin()) =>
      api().post(tokensPath, { username: account.username, password: account.password, ...fields }),
    async grant(fields = {}, account = admin()) {
      return readGrant(await dialect.issue({ issueRefreshToken: true, ...fields }, account));
    },
    refresh: (refreshToken, fields = {}) =>
      api().post(tokensPath, { grant_type: 'refresh_token', refresh_token: refreshToken, ...fields }),
    renew: (refreshToken) => dialect.refresh(refreshToken, { renew_refresh_token: true }),
    async jwt(account = admin()) {
      return ok(await dialect.issue({}, account)).body.jwt;
    },
    async createUser(fields = {}) {
      userCount += 1;
      const account = { username: `user-${userCount}`, password: newPassword(), ...fields };
      const jwt = await dialect.jwt();
      const created = await api().post(usersPath, account, { jwt });
      assert.equal(created.status, 201, created.text);
      return { ...account, userId: created.body.user_id };
    },
    async setProperty(name, value) {
      ok(await api().patch(`${propertiesPath}/${name}`, { value }, { jwt: await dialect.jwt() }));
    },
    statusWith: async (jwt) => (await api().get('/api/v1/auth/self/user', { jwt })).status,
  };
  return dialect;
}

/** The answer, which must be a 200. */
export function ok(answer: Answer): Answer {
  assert.equal(answer.status, 200, answer.text);
  return answer;
}

/** The grant in a 200 that has a refresh token. */
export function readGrant(answer: Answer): Grant {
  const { jwt, refresh_token: refreshToken, client_id: clientId } = ok(answer).body;
  assert.match(refreshToken, refreshTokenForm);
  return { jwt, refreshToken, clientId, expiresInSeconds: answer.body.refresh_token_expires_in };
}

/** An error of section 6, without the request id, which differs every time. */
export interface ErrorFace {
  readonly status: number;
  readonly code: number;
  readonly codeDesc: string;
  readonly message: string;
}

/** The error in an answer, which must have its four members and no other. */
export function errorOf(answer: Answer): ErrorFace {
  // First: the body of a success holds tokens, which must not get into a report.
  assert.ok(answer.status >= 400, `expected a refusal, got ${answer.status}`);
  const { code, codeDesc, message, requestID, ...others } = answer.body ?? {};
  assert.deepEqual(others, {}, answer.text);
  assert.match(requestID, uuidForm);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  return { status: answer.status, code, codeDesc, message };
}

export const invalidToken: ErrorFace = unauthorized('Invalid token');
export const wrongPassword: ErrorFace = unauthorized('Wrong username or password.');
export const noApiToken: ErrorFace = unauthorized('API token missing, invalid or expired.');
export const revokedApiToken: ErrorFace = unauthorized('Token has been revoked');

function unauthorized(message: string): ErrorFace {
  return { status: 401, code: 5, codeDesc: 'NCERRUnauthorizedAccess', message };
}

/** Header and claims of a JWT, in the order they are written. */
// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects by assertions, not by types
export function decodeJwt(jwt: string): { header: any; claims: any } {
  const [header, claims] = jwt
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
  return { header, claims };
}
