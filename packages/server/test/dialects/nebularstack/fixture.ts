/** A whole server on each engine with domains, tenants and users, called without sockets, and a clock that can be moved. @module */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import type { InjectOptions } from 'fastify';
import { createDatabase } from '../../../../../test/harness/postgres.ts';
import { createServer, type TesseraServer } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { type DomainId, rootDomainId, type TenantId, type UserId } from '../../../src/domain/ids.ts';
import type { Domain, Tenant } from '../../../src/domain/tenancy.ts';
import { blankUser, type User } from '../../../src/domain/user.ts';
import { assign, unassign } from '../../../src/store/assignments.ts';
import { insertDomain } from '../../../src/store/domains.ts';
import { findRole, insertRole } from '../../../src/store/roles.ts';
import { insertTenant } from '../../../src/store/tenants.ts';
import { insertUser } from '../../../src/store/users.ts';
import { aRole } from '../../store/records.ts';

export const password = 'Right-pass1';
export const second = 1_000;
export const minute: number = 60 * second;
export const hour: number = 60 * minute;
export const day: number = 24 * hour;

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects by assertions, not by types
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
}

type Headers = Readonly<Record<string, string>>;

export interface World {
  readonly server: TesseraServer;
  /** Moves the server's clock on. */
  pass(ms: number): void;
  nowSeconds(): number;
  call(
    method: InjectOptions['method'],
    url: string,
    body?: object | null,
    headers?: Headers,
  ): Promise<Answer>;
  addDomain(fields?: Partial<Domain>): Promise<Domain>;
  addTenant(domain: Domain, fields?: Partial<Tenant>): Promise<Tenant>;
  /** With {@link password}. */
  addUser(home: Domain, fields?: Partial<User>): Promise<User>;
  give(user: User, role: string, place?: Place): Promise<void>;
  take(user: User, role: string, place?: Place): Promise<void>;
}

export interface Place {
  readonly domain?: Domain;
  readonly tenant?: Tenant;
}

/** Runs the suite once per engine; its tests share one server, so each makes the users it needs. */
export function onEachEngine(suite: (world: () => World) => void): void {
  for (const engine of ['sqlite', 'postgresql'] as const)
    describe(engine, () => {
      let world: World;
      let close: () => Promise<void>;
      before(async () => {
        ({ world, close } = await openWorld(engine));
      });
      after(() => close());
      suite(() => world);
    });
}

async function openWorld(
  engine: 'sqlite' | 'postgresql',
): Promise<{ world: World; close: () => Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tessera-nebular-'));
  const postgres = engine === 'postgresql' ? await createDatabase() : null;
  const clockFile = join(dataDir, 'clock');
  let offsetMs = 0;
  writeFileSync(clockFile, '0');
  const config = await loadConfig({
    env: {
      TESSERA_PORT: '0',
      TESSERA_DATA_DIR: dataDir,
      TESSERA_ADMIN_PASSWORD: 'Aa1!-first-start',
      TESSERA_TEST_CLOCK_FILE: clockFile,
      ...(postgres === null ? {} : { TESSERA_DATABASE_URL: postgres.url }),
    },
    workingDirectory: dataDir,
    configFile: null,
  });
  const server = await createServer({ config, log: () => {}, showPassword: () => {} });
  const { core } = server;
  const { database } = core;
  const passwordHash = await core.passwords.hash(password);
  const times = () => ({ createdAtMs: core.clock(), updatedAtMs: core.clock() });
  const assignment = async (user: User, name: string, { domain, tenant }: Place) => {
    const role = await roleNamed(server, name);
    const domainId = domain?.id ?? tenant?.domainId ?? null;
    return { userId: user.id, roleId: role, domainId, tenantId: tenant?.id ?? null };
  };
  const world: World = {
    server,
    pass(ms) {
      offsetMs += ms;
      writeFileSync(clockFile, String(offsetMs));
    },
    nowSeconds: () => Math.floor(core.clock() / 1000),
    async call(method = 'GET', url, body = null, headers = {}) {
      const payload = body === null ? {} : { payload: JSON.stringify(body) };
      const answer = await server.app.inject({
        method,
        url,
        headers,
        remoteAddress: nextAddress(),
        ...payload,
      });
      const json = answer.body === '' ? null : answer.json();
      return { status: answer.statusCode, body: json, headers: answer.headers };
    },
    async addDomain(fields = {}) {
      const id = randomUUID() as DomainId;
      const named = { id, name: `${id.slice(0, 8)}.example`, enabled: true, allowUserManagement: true };
      const domain = { ...named, ...times(), ...fields };
      await database.write([insertDomain(database, domain)]);
      return domain;
    },
    async addTenant(domain, fields = {}) {
      const id = randomUUID() as TenantId;
      const tenant = { id, domainId: domain.id, name: `tenant ${id}`, enabled: true, ...times(), ...fields };
      await database.write([insertTenant(database, tenant)]);
      return tenant;
    },
    async addUser(home, fields = {}) {
      const id = randomUUID() as UserId;
      const user = {
        ...blankUser({ id, domainId: home.id, username: `user-${id.slice(0, 8)}` }, core.clock()),
        passwordHash,
        passwordChangedAtMs: core.clock(),
        ...fields,
      };
      await database.write([insertUser(database, user)]);
      return user;
    },
    give: async (user, role, place = {}) =>
      await database.write([assign(database, await assignment(user, role, place))]),
    take: async (user, role, place = {}) =>
      await database.write([unassign(database, await assignment(user, role, place))]),
  };
  const close = async () => {
    await server.stop(0);
    await postgres?.drop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { world, close };
}

async function roleNamed({ core }: TesseraServer, name: string) {
  const found = await findRole(core.database, { domainId: rootDomainId, name });
  if (found !== null) return found.id;
  const role = aRole({ name });
  await core.database.write([insertRole(core.database, role)]);
  return role.id;
}

let calls = 0;

/** Each call comes from elsewhere, so that one test's failures lock nobody else out. */
function nextAddress(): string {
  calls += 1;
  return `10.${(calls >> 16) & 255}.${(calls >> 8) & 255}.${calls & 255}`;
}

/** The answer, which must be a 200. */
export function ok(answer: Answer): Answer {
  assert.equal(answer.status, 200, JSON.stringify(answer.body?.error));
  return answer;
}

/** Status and error, without the request id. */
export function refusal({ status, body }: Answer): object {
  const { request_id: requestId, ...error } = body.error;
  assert.match(requestId, /^[0-9a-f-]{36}$/);
  return { status, ...error };
}

export const unauthorized: object = {
  status: 401,
  title: 'Unauthorized',
  description: 'Invalid credentials or token',
};
export const forbidden: object = { status: 403, title: 'Forbidden', description: 'Access denied' };

// biome-ignore lint/suspicious/noExplicitAny: see Answer
export function claimsOf(jwt: string): any {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
}
