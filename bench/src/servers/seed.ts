/** Users and sessions put into an installation directly: signing in would cost a password hash each. @module */
import { randomUUID } from 'node:crypto';
import type { TesseraServer } from '@tessera/server';
import { accessTokenFormat } from '../../../packages/server/src/dialects/ciphertrust/access-token-format.ts';
import type { Holder } from '../../../packages/server/src/domain/holder.ts';
import { rootDomainId, type UserId } from '../../../packages/server/src/domain/ids.ts';
import type { Session } from '../../../packages/server/src/domain/session.ts';
import { systemRoles } from '../../../packages/server/src/domain/tenancy.ts';
import { newSession } from '../../../packages/server/src/operations/sign-in.ts';
import { assign } from '../../../packages/server/src/store/assignments.ts';
import { findHolder } from '../../../packages/server/src/store/holders.ts';
import { findRole } from '../../../packages/server/src/store/roles.ts';
import { rowOfSession } from '../../../packages/server/src/store/session-row.ts';
import { findUserByName, insertUser } from '../../../packages/server/src/store/users.ts';
import { changesAny } from '../../../packages/server/src/store/write.ts';

type Core = TesseraServer['core'];

export interface SeedOptions {
  readonly users: number;
  /** In all, the same number for each user. */
  readonly sessions: number;
  /** How many refresh tokens are wanted, of sessions spread evenly over all of them. */
  readonly tokens: number;
}

export interface Seeded {
  readonly usernames: readonly string[];
  /** Of the first generation, never used. */
  readonly refreshTokens: readonly string[];
}

/** Rows of one statement; SQLite takes 32,766 parameters. */
const batchRows = 1000;

export async function seed(core: Core, options: SeedOptions): Promise<Seeded> {
  const holders = await seedUsers(core, options.users);
  const refreshTokens: string[] = [];
  const every = options.sessions / options.tokens;
  for (let from = 0; from < options.sessions; from += batchRows) {
    const count = Math.min(batchRows, options.sessions - from);
    const sessions = Array.from({ length: count }, (_, at) => openSession(core, holders, from + at));
    await insertSessions(core, sessions);
    for (const [at, session] of sessions.entries())
      if ((from + at) % every < 1) refreshTokens.push(core.refreshTokens.write(session));
  }
  return { usernames: holders.map(({ username }) => username), refreshTokens };
}

/** Like the administrator, password included, but with a usual role. */
async function seedUsers(core: Core, count: number): Promise<Holder[]> {
  const { database } = core;
  const account = { domainId: rootDomainId, connection: 'local', username: 'admin' };
  const model = await findUserByName(database, account);
  const role = await findRole(database, { domainId: rootDomainId, name: systemRoles.keyUsers });
  if (model === null || role === null) throw new Error('an installation has an administrator and roles');
  const scope = { domainId: rootDomainId, tenantId: null };
  const users = Array.from({ length: count }, (_, at) => {
    const username = `user${String(at).padStart(6, '0')}`;
    return { ...model, id: randomUUID() as UserId, username, name: username, nickname: username };
  });
  await database.write(users.map((user) => insertUser(database, user)));
  await database.write(users.map(({ id }) => assign(database, { userId: id, roleId: role.id, ...scope })));
  const holders = await Promise.all(users.map(({ id }) => findHolder(database, id, scope)));
  return holders.filter((holder) => holder !== null);
}

function openSession(core: Core, holders: readonly Holder[], number: number): Session {
  const open = {
    kind: 'refresh',
    face: 'ciphertrust',
    purpose: 'application',
    rotation: 'on-request',
    lifetimes: { absoluteSeconds: null, idleSeconds: null },
    labels: [],
  } as const;
  const origin = { requestId: randomUUID(), address: '127.0.0.1' };
  const holder = holders[number % holders.length] as Holder;
  return newSession(core, open, holder, accessTokenFormat, origin, core.clock());
}

async function insertSessions({ database }: Core, sessions: readonly Session[]): Promise<void> {
  await database.write([
    changesAny(database.queries.insertInto('sessions').values(sessions.map(rowOfSession))),
  ]);
}
