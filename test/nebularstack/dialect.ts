/** The nebularstack dialect as the suites of this folder call it, on a server of each engine. @module */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { otpAt } from '../harness/authenticator.ts';
import { behindProxy, onEachServer } from '../harness/engines.ts';
import type { Answer } from '../harness/http.ts';
import { newPassword, type Server, type ServerOptions } from '../harness/server.ts';
import { type CallOptions, type Method, send } from './call.ts';

/** In milliseconds, for moving the clock. */
export const second = 1_000;
export const minute = 60_000;
export const hour = 3_600_000;
export const day = 86_400_000;

export const uuidForm: RegExp = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export interface Account {
  readonly id: string;
  readonly username: string;
  /** Home domain. */
  readonly domain: string;
  readonly password: string;
}

/** A role and where it is held: nothing is global, a domain, or a domain and the id of a tenant. */
export type Holding = readonly [role: string, domain?: string, tenantId?: string];

/** A user's authenticator app and recovery codes. */
export interface Device {
  readonly uri: string;
  readonly recoveryCodes: readonly string[];
  /** What it shows `steps` of 30 seconds from now. */
  code(steps?: number): string;
  /** A code never used before: the clock goes to the beginning of the next step. */
  fresh(): string;
}

/** A running server, spoken to in the dialect. Nothing here expects success but what says so. */
export interface Dialect {
  readonly server: Server;
  /** Epoch milliseconds at the server. */
  nowMs(): number;
  advance(ms: number): void;
  /** To the first second of the next 30-second step, so that the step does not change under a test. */
  toNextStep(): void;
  call(method: Method, path: string, options?: CallOptions): Promise<Answer>;
  /** Logins with the account's password; `fields` are more members of the body. */
  v1(account: Account, fields?: object, options?: CallOptions): Promise<Answer>;
  v2(account: Account, fields?: object, options?: CallOptions): Promise<Answer>;
  v3(account: Account, fields?: object, options?: CallOptions): Promise<Answer>;
  /** A V1 token of the first administrator, without scope: for everything there is. Must succeed. */
  operator(): Promise<string>;
  /** Each must succeed; names are made up where none is given. @returns the name, the id, the account */
  createDomain(name?: string): Promise<string>;
  createTenant(domain: string): Promise<string>;
  createUser(domain: string, ...holdings: Holding[]): Promise<Account>;
  /** Must succeed. */
  assign(userId: string, ...holding: Holding): Promise<void>;
  unassign(userId: string, ...holding: Holding): Promise<void>;
  /** Changes of a user, tenant or domain, by an administrator; must succeed. */
  changeUser(account: Account, fields: object): Promise<void>;
  changeTenant(tenantId: string, fields: object): Promise<void>;
  changeDomain(name: string, fields: object): Promise<void>;
  /** Enables a second factor through a standard token; must succeed. */
  enableMfa(account: Account, token?: string): Promise<Device>;
  /** Sets one of the installation's settings, through the ciphertrust dialect; must succeed. */
  setProperty(name: string, value: string): Promise<void>;
}

/** Defines `suite` for each engine, with a fresh server that all its tests share in the order written. */
export function onEachEngine(suite: (dialect: Dialect) => void, options: ServerOptions = {}): void {
  const env = { ...behindProxy, ...options.env };
  onEachServer((server) => suite(dialectOf(server)), { ...options, env });
}

/** The dialect of a server that `server` gives when it is called. */
export function dialectOf(server: () => Server): Dialect {
  let aheadMs = 0;
  let known: Promise<string> | null = null;
  const dialect: Dialect = {
    get server() {
      return server();
    },
    nowMs: () => Date.now() + aheadMs,
    advance(ms) {
      aheadMs += ms;
      server().advance(ms);
      known = null;
    },
    toNextStep: () => dialect.advance(30_000 - (dialect.nowMs() % 30_000) + 500),
    call: (method, path, options) => send(server().url, method, path, options),
    v1: (account, fields, options) => logIn(dialect, 1, account, fields, options),
    v2: (account, fields, options) => logIn(dialect, 2, account, fields, options),
    v3: (account, fields, options) => logIn(dialect, 3, account, fields, options),
    operator() {
      known ??= operatorToken(dialect);
      return known;
    },
    async createDomain(name = `${madeUp('d')}.example`) {
      ok(await dialect.call('POST', '/v1/domain', { token: await dialect.operator(), body: { name } }));
      return name;
    },
    async createTenant(domain) {
      const token = await dialect.operator();
      const body = { name: madeUp('tenant'), domain };
      return ok(await dialect.call('POST', '/v1/tenant', { token, body })).body.id;
    },
    async createUser(domain, ...holdings) {
      const token = await dialect.operator();
      const account = { username: madeUp('user'), domain, password: newPassword() };
      const { body } = ok(
        await dialect.call('POST', '/v1/user', { token, body: { ...account, name: 'Some One' } }),
      );
      assert.match(body.id, uuidForm);
      for (const holding of holdings) await dialect.assign(body.id, ...holding);
      return { id: body.id, ...account };
    },
    async assign(userId, ...holding) {
      const token = await dialect.operator();
      ok(await dialect.call('POST', assignmentPath(userId, ...holding), { token }));
    },
    async unassign(userId, ...holding) {
      const token = await dialect.operator();
      const { status, text } = await dialect.call('DELETE', assignmentPath(userId, ...holding), { token });
      assert.equal(status, 204, text);
    },
    async changeUser({ id }, fields) {
      ok(
        await dialect.call('PATCH', `/v1/user/${id}`, {
          token: await dialect.operator(),
          body: fields,
        }),
      );
    },
    async changeTenant(tenantId, fields) {
      const token = await dialect.operator();
      ok(await dialect.call('PATCH', `/v1/tenant/${tenantId}`, { token, body: fields }));
    },
    async changeDomain(name, fields) {
      const token = await dialect.operator();
      ok(await dialect.call('PATCH', `/v1/domain/${name}`, { token, body: fields }));
    },
    enableMfa: (account, token) => enableMfa(dialect, account, token),
    async setProperty(name, value) {
      const path = '/api/v1';
      const { body } = ok(
        await dialect.call('POST', `${path}/auth/tokens`, {
          body: { username: 'admin', password: server().adminPassword },
          headers: { 'content-type': 'application/json' },
        }),
      );
      ok(
        await dialect.call('PATCH', `${path}/configs/properties/${name}`, {
          body: { value },
          headers: { 'content-type': 'application/json', authorization: `Bearer ${body.jwt}` },
        }),
      );
    },
  };
  return dialect;
}

function madeUp(kind: string): string {
  return `${kind}-${randomBytes(5).toString('hex')}`;
}

/** `domain` is what the account's home is named by in all three versions; a member given as undefined is left out. */
async function logIn(
  dialect: Dialect,
  version: 1 | 2 | 3,
  { username, password, domain }: Account,
  fields: object = {},
  options: CallOptions = {},
): Promise<Answer> {
  const body = { username, password, domain, ...fields };
  return await dialect.call('POST', `/v${version}/token`, { body, ...options });
}

/** The first administrator lives in the domain root and holds Root globally. */
async function operatorToken(dialect: Dialect): Promise<string> {
  const body = { username: 'admin', user_domain: 'root', password: dialect.server.adminPassword };
  return ok(await dialect.call('POST', '/v1/token', { body })).body.token;
}

export function assignmentPath(userId: string, ...[role, domain, tenantId]: Holding): string {
  const target = [domain, tenantId].filter((part) => part !== undefined);
  return [`/v1/user/${userId}/assignment`, role, ...target]
    .map((part, at) => (at === 0 ? part : encodeURIComponent(part)))
    .join('/');
}

async function enableMfa(dialect: Dialect, account: Account, given?: string): Promise<Device> {
  const token =
    given ?? ok(await dialect.v1(account, { domain: undefined, user_domain: account.domain })).body.token;
  const body = { password: account.password };
  const { otpauth_uri: uri } = ok(await dialect.call('POST', '/v1/mfa', { token, body })).body;
  dialect.toNextStep();
  const otp = otpAt(uri, dialect.nowMs());
  const enabled = ok(await dialect.call('PUT', '/v1/mfa', { token, body: { otp } }));
  return deviceOf(dialect, uri, enabled.body.recovery_codes);
}

/** The device that a URI was typed into. */
export function deviceOf(dialect: Dialect, uri: string, recoveryCodes: readonly string[] = []): Device {
  const code = (steps = 0): string => otpAt(uri, dialect.nowMs() + steps * 30_000);
  return {
    uri,
    recoveryCodes,
    code,
    fresh() {
      dialect.toNextStep();
      return code();
    },
  };
}

/** Six digits that are none of the codes around now. */
export function wrongCode(device: Device): string {
  const near = [-2, -1, 0, 1, 2].map((steps) => device.code(steps));
  return (
    ['000000', '111111', '222222', '333333', '444444', '555555'].find((text) => !near.includes(text)) ?? ''
  );
}

/** The answer, which must be a 200. */
export function ok(answer: Answer): Answer {
  assert.equal(answer.status, 200, answer.text);
  return answer;
}

/** The answer, which must be an empty 204. */
export function noContent(answer: Answer): void {
  assert.deepEqual([answer.status, answer.text], [204, '']);
}

/** An error of section 4, without the request id, which differs every time. */
export interface ErrorFace {
  readonly status: number;
  readonly title: string;
  readonly description: string;
  readonly code?: string;
}

/** The error in an answer, which must have the members of section 4 and no other. */
export function errorOf(answer: Answer): ErrorFace {
  // First: the body of a success holds tokens, which must not get into a report.
  assert.ok(answer.status >= 400, `expected a refusal, got ${answer.status}`);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  assert.deepEqual(Object.keys(answer.body ?? {}), ['error'], answer.text);
  const { title, description, request_id: requestId, code, ...others } = answer.body.error;
  assert.deepEqual(others, {}, answer.text);
  assert.equal(typeof requestId, 'string', answer.text);
  return { status: answer.status, title, description, ...(code === undefined ? {} : { code }) };
}

export const unauthorized: ErrorFace = {
  status: 401,
  title: 'Unauthorized',
  description: 'Invalid credentials or token',
};
export const forbidden: ErrorFace = { status: 403, title: 'Forbidden', description: 'Access denied' };
export const otpRequired: ErrorFace = {
  status: 401,
  title: 'OTP Required',
  description: 'A one-time password is required',
  code: 'otp_required',
};

/** A 401 that does not say "expired". */
export function assertUnauthorized(answer: Answer): void {
  assert.deepEqual(errorOf(answer), unauthorized);
  assert.equal(answer.headers.get('x-expired-token'), null);
}

/** A 401 by which clients know that what they showed was genuine and is expired. */
export function assertExpired(answer: Answer): void {
  assert.deepEqual(errorOf(answer), unauthorized);
  assert.equal(answer.headers.get('x-expired-token'), 'true');
}

export function assertForbidden(answer: Answer): void {
  assert.deepEqual(errorOf(answer), forbidden);
}

export function assertOtpRequired(answer: Answer): void {
  assert.deepEqual(errorOf(answer), otpRequired);
  assert.equal(answer.headers.get('x-expired-token'), null);
}

/** A 400 whose description names the field, and does not repeat `secrets`. */
export function assertMalformed(answer: Answer, field: RegExp, ...secrets: readonly string[]): void {
  const { status, description, code } = errorOf(answer);
  assert.deepEqual([status, code], [400, undefined], answer.text);
  assert.match(description, field);
  for (const text of secrets) assert.ok(!answer.text.includes(text), 'a secret is repeated');
}

/** The bytes of a body, with the one part that differs every time left out. */
export function withoutRequestId({ status, text, body }: Answer): string {
  assert.ok(status >= 400, `expected a refusal, got ${status}`);
  return `${status} ${text.replace(body.error.request_id, '')}`;
}

/** Header and claims of a JWT. */
// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects by assertions, not by types
export function decodeJwt(jwt: string): { header: any; claims: any } {
  const [header, claims] = jwt
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
  return { header, claims };
}

/** What a token or its answer says about where it counts. */
export function scopeOf(body: Record<string, unknown>): {
  domain: unknown;
  tenantId: unknown;
  roles: unknown;
} {
  return { domain: body.domain ?? null, tenantId: body.tenant_id ?? null, roles: body.roles };
}
