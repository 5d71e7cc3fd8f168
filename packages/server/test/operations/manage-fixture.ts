/** A database with users, roles and domains as management finds them, on both engines. @module */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { createDatabase } from '../../../../test/harness/postgres.ts';
import { createPasswordHasher } from '../../src/crypto/password.ts';
import { type DomainId, rootDomainId, type SessionId, type UserId } from '../../src/domain/ids.ts';
import { type ProblemError, refuse } from '../../src/domain/problem.ts';
import type { Domain } from '../../src/domain/tenancy.ts';
import { blankUser, type User } from '../../src/domain/user.ts';
import type { Caller, Core } from '../../src/operations/core.ts';
import { firstStart } from '../../src/operations/first-start.ts';
import { assign } from '../../src/store/assignments.ts';
import { listAudit } from '../../src/store/audit.ts';
import { insertDomain } from '../../src/store/domains.ts';
import { openDatabase } from '../../src/store/open.ts';
import { findRole } from '../../src/store/roles.ts';
import { insertUser } from '../../src/store/users.ts';

export const startMs: number = Date.UTC(2026, 4, 1);

/** The password that every user of {@link World.addUser} has. */
export const firstPassword = 'First-pass1';

export interface World {
  readonly core: Core;
  /** Moves the clock on. */
  readonly pass: (ms: number) => void;
  /** A user with roles in the home domain, written without any operation. */
  readonly addUser: (fields?: Partial<User>, ...roles: string[]) => Promise<User>;
  readonly addDomain: (fields?: Partial<Domain>) => Promise<Domain>;
  readonly giveRole: (user: User, role: string, domainId: DomainId | null) => Promise<void>;
  /** The user with a token for the domain, with the roles held there at this moment. */
  readonly as: (user: User, domainId?: DomainId) => Promise<Caller>;
  readonly countAudit: () => Promise<number>;
}

/** Runs the suite once per engine. Its tests share one database, so each makes the users it needs. */
export function forEachDatabase(suite: (world: () => World) => void): void {
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
  const dataDir = mkdtempSync(join(tmpdir(), 'tessera-manage-'));
  const postgres = engine === 'postgresql' ? await createDatabase() : null;
  let nowMs = startMs;
  const clock = () => nowMs;
  const log = () => {};
  const database = await openDatabase({ url: postgres?.url ?? null, dataDir, clock, log });
  const passwords = createPasswordHasher();
  const core: Core = {
    database,
    clock,
    passwords,
    refreshTokens: null as never,
    sealer: null as never,
    issuer: 'https://tessera.test',
    audience: randomUUID(),
    log,
  };
  await firstStart(core, 'check', firstPassword);
  const passwordHash = await passwords.hash(firstPassword);
  const world: World = {
    core,
    pass: (ms) => {
      nowMs += ms;
    },
    addUser: async (fields = {}, ...roles) => {
      const user = { ...userWith(passwordHash), ...fields };
      await database.write([insertUser(database, user)]);
      for (const role of roles) await giveRole(core, user, role, user.domainId);
      return user;
    },
    addDomain: async (fields = {}) => {
      const id = randomUUID() as DomainId;
      const times = { createdAtMs: startMs, updatedAtMs: startMs };
      const domain = {
        id,
        name: `domain-${id}`,
        enabled: true,
        allowUserManagement: true,
        ...times,
        ...fields,
      };
      await database.write([insertDomain(database, domain)]);
      return domain;
    },
    giveRole: (user, role, domainId) => giveRole(core, user, role, domainId),
    as: (user, domainId = user.domainId) => callerOf(core, user, domainId),
    countAudit: async () =>
      (await listAudit(database, { action: null, target: null, skip: 0, limit: 1 })).total,
  };
  const close = async () => {
    await database.close();
    await postgres?.drop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { world, close };
}

function userWith(passwordHash: string): User {
  const id = randomUUID() as UserId;
  const blank = blankUser({ id, domainId: rootDomainId, username: `user-${id}` }, startMs);
  return { ...blank, passwordHash, passwordChangedAtMs: startMs };
}

async function giveRole(
  { database }: Core,
  user: User,
  name: string,
  domainId: DomainId | null,
): Promise<void> {
  const role = await findRole(database, { domainId: domainId ?? rootDomainId, name });
  if (role === null) throw refuse('not_found', 'unknown_role', name);
  await database.write([assign(database, { userId: user.id, roleId: role.id, domainId, tenantId: null })]);
}

async function callerOf({ database }: Core, user: User, domainId: DomainId): Promise<Caller> {
  const holder = await database.findHolder(user.id, { domainId, tenantId: null });
  if (holder === null) throw refuse('not_found', 'unknown_user', user.username);
  return {
    principal: {
      userId: user.id,
      username: user.username,
      connection: user.connection,
      homeDomainId: user.domainId,
      sessionId: randomUUID() as SessionId,
      purpose: 'interactive',
      face: 'test',
      domainId,
      domainName: holder.domainName ?? '',
      tenantId: null,
      roles: holder.roles,
      tokenKind: 'standard',
    },
    origin: { requestId: randomUUID(), address: '192.0.2.1' },
  };
}

/** What came of an attempt: done, or the kind of refusal. Anything else thrown is a defect. */
export async function outcomeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'done';
  } catch (error) {
    const { problem } = error as Partial<ProblemError>;
    if (problem === undefined) throw error;
    return problem.kind;
  }
}

/** {@link outcomeOf} for attempts made at once. */
export function outcomesOf(attempts: readonly Promise<unknown>[]): Promise<readonly string[]> {
  return Promise.all(attempts.map(outcomeOf));
}
