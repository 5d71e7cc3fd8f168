/** Every statement on a table that grows goes by an index. On both engines. @module */
import assert from 'node:assert/strict';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { test } from 'node:test';
import type { CompiledQuery } from 'kysely';
import pg from 'pg';
import type { ApplicationId } from '../../src/domain/ids.ts';
import type { Listing, ListQuery } from '../../src/domain/listing.ts';
import { findAccount } from '../../src/store/accounts.ts';
import {
  findApiToken,
  freeNames,
  insertApiToken,
  listApiTokens,
  namedApiTokens,
} from '../../src/store/api-tokens.ts';
import { deleteApplication, findApplication, listApplications } from '../../src/store/applications.ts';
import {
  assign,
  domainsOf,
  heldRoles,
  holdersOf,
  holdsAnythingIn,
  rolesOfMany,
  unassign,
  unassignButNotLast,
} from '../../src/store/assignments.ts';
import { listAudit, sweepAudit } from '../../src/store/audit.ts';
import type { Database, Write } from '../../src/store/database.ts';
import { deniedKeysOf, sweepDeniedTokens } from '../../src/store/denied-tokens.ts';
import { deleteDomain, isDomainEmpty, listDomainsOf } from '../../src/store/domain-directory.ts';
import { findDomain, findDomainByName, listDomains } from '../../src/store/domains.ts';
import {
  denyGrantedToken,
  denyTokensOfOlderKeys,
  findGrantedToken,
  grantedTokensOf,
  listGrantedTokens,
  noteTokensUsed,
  sweepGrantedTokens,
} from '../../src/store/granted-tokens.ts';
import { clearGuess, countGuess, readGuesses, sweepGuesses } from '../../src/store/guesses.ts';
import { readHolder } from '../../src/store/holders.ts';
import { findPolicy } from '../../src/store/password-policies.ts';
import * as hotPostgresql from '../../src/store/postgresql/session-statements.ts';
import {
  placeRevocations,
  readFeedState,
  revocationsAfter,
  sweepRevocations,
} from '../../src/store/revocations.ts';
import { listRolesOf } from '../../src/store/role-directory.ts';
import { countHolders, deleteRole, findRole, listRoles } from '../../src/store/roles.ts';
import {
  endSessionsOfUser,
  findSession,
  listSessions,
  listUserSessions,
  sweepSessions,
} from '../../src/store/sessions.ts';
import { databaseFile } from '../../src/store/sqlite/file.ts';
import * as hotSqlite from '../../src/store/sqlite/session-statements.ts';
import {
  deleteTenant,
  findTenantAnywhere,
  listEnabledTenants,
  listTenantsAssigned,
  listTenantsOf,
  listTenantsWithRole,
} from '../../src/store/tenants.ts';
import { listUsersOf } from '../../src/store/user-directory.ts';
import {
  deleteUser,
  findUser,
  findUserByName,
  insertPasswordHistory,
  insertUser,
  listUsers,
  passwordHistory,
  updateUser,
} from '../../src/store/users.ts';
import { onBothEngines, type Place } from './engines.ts';
import { aRole, aSession, aTenant, aUser, rootDomain, startMs } from './records.ts';

type Statement = Pick<CompiledQuery, 'sql' | 'parameters'>;

/** A database that also writes down what it was asked. */
function recording(db: Database): { db: Database; statements: Statement[] } {
  const statements: Statement[] = [];
  const recorder: Database = {
    engine: db.engine,
    queries: db.queries,
    read: (query) => {
      statements.push(query.compile());
      return db.read(query);
    },
    write: async (writes) => {
      statements.push(...writes.map(({ query }) => query.compile()));
    },
    configuration: () => db.configuration(),
    rememberedConfiguration: () => db.rememberedConfiguration(),
    findHolder: (userId, scope) => db.findHolder(userId, scope),
    findHeldSession: (id) => db.findHeldSession(id),
    changeSession: (id, decide) => db.changeSession(id, decide),
    ping: () => db.ping(),
    close: () => db.close(),
  };
  return { db: recorder, statements };
}

async function plansOf(place: Place, statements: readonly Statement[]): Promise<string[]> {
  return place.url === null ? sqlitePlans(place.dataDir, statements) : postgresqlPlans(place.url, statements);
}

function sqlitePlans(dataDir: string, statements: readonly Statement[]): string[] {
  const connection = new DatabaseSync(databaseFile(dataDir));
  const plans = statements.map(({ sql, parameters }) => {
    const rows = connection.prepare(`explain query plan ${sql}`).all(...(parameters as SQLInputValue[]));
    return rows.map((row) => row.detail).join('\n');
  });
  connection.close();
  return plans;
}

async function postgresqlPlans(url: string, statements: readonly Statement[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // The tables are empty: without this, reading them whole and sorting would always be the cheapest.
  await client.query('set enable_seqscan = off; set enable_sort = off');
  const plans: string[] = [];
  for (const { sql, parameters } of statements) {
    const { rows } = await client.query(`explain ${sql}`, parameters as unknown[]);
    plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
  }
  await client.end();
  return plans;
}

const growing =
  'revocations|granted_tokens|denied_tokens|sessions|users|assignments|audit|guesses|password_history|tenants|domains|roles';
/** SQLite: reads a table whole; PostgreSQL: the same, for want of an index. */
const wholeTable = new RegExp(`SCAN (?:${growing})\\b(?! USING)|Seq Scan on (?:${growing})\\b`);
/** SQLite: reads all of an index, other than of the one that has nothing but the rows that wait for their position. */
const wholeIndex = new RegExp(`SCAN (?:${growing})\\b(?! USING INDEX revocations_without_position)`);

const user = aUser();
const role = aRole();
const session = aSession(user.id);
const tenant = aTenant();
const scope = { domainId: rootDomain.id, tenantId: tenant.id };
const assignment = { userId: user.id, roleId: role.id, domainId: rootDomain.id, tenantId: null };
const page = { skip: 0, limit: 10 };
const limits = { maximumRefreshSeconds: 1, maximumSessionSeconds: 1 };
const newest = { userId: user.id, id: null, before: session.id, limit: 10 };
const sessionFilter = {
  userId: user.id,
  domainId: null,
  labels: ['a'],
  ended: 'hide',
  expired: 'hide',
  notRefreshedSinceMs: startMs,
  nowMs: startMs,
  limits,
  ...page,
} as const;
const userFilter = {
  domainId: rootDomain.id,
  name: null,
  username: null,
  email: null,
  inAllRoles: ['admin'],
  inNoRoles: ['other'],
  roleDomainId: rootDomain.id,
  accountExpired: true,
  allowedAuthMethods: ['password'],
  allowedClientTypes: null,
  passwordPolicy: null,
  sort: { by: 'username', order: 'asc' },
  nowMs: startMs,
  ...page,
} as const;

const inDomain = { domainId: rootDomain.id, tenantId: null };
const everywhere = { domainId: null, tenantId: null };

function beginning<Property extends string>(property: Property): ListQuery<Property> {
  return { matches: [{ property, text: 'abc', part: 'beginning' }], sort: null };
}

function sorted<Property extends string>(by: Property): ListQuery<Property> {
  return { matches: [], sort: { by, order: 'desc' } };
}

/** All that a list reads: a page, its length, and the rows one after the other. */
async function whole(list: Listing<unknown>): Promise<void> {
  await list.page(10, 10);
  await list.count(250);
  for await (const _row of list.all());
}

/** What looks for some rows: it must not look at others, not even in an index. */
const searches: Readonly<Record<string, (db: Database) => Promise<unknown>>> = {
  findUser: (db) => findUser(db, user.id),
  findUserByName: (db) => findUserByName(db, user),
  findAccount: (db) => findAccount(db, { domain: 'root', connection: 'local', username: 'ada' }),
  'findAccount by id': (db) =>
    findAccount(db, { domain: user.domainId, connection: 'local', username: 'ada' }),
  updateUser: (db) => write(db, updateUser(db, user)),
  insertUser: (db) => write(db, insertUser(db, user)),
  deleteUser: (db) => write(db, ...deleteUser(db, user.id)),
  passwordHistory: (db) => passwordHistory(db, user.id, 5),
  insertPasswordHistory: (db) => write(db, ...insertPasswordHistory(db, user.id, 'hash', startMs, 5)),
  'users of a domain': (db) => listUsers(db, userFilter),
  'users by e-mail': (db) => listUsers(db, { ...userFilter, domainId: null, email: 'a' }),
  'users by name': (db) => listUsers(db, { ...userFilter, domainId: null, name: 'a' }),
  'users by username': (db) => listUsers(db, { ...userFilter, domainId: null, username: 'a' }),
  'users who hold a role': (db) => listUsers(db, { ...userFilter, domainId: null }),
  'roles of a user': (db) =>
    listRoles(db, { domainId: rootDomain.id, name: null, except: [], userId: user.id, ...page }),
  'domain by id': (db) => findDomain(db, rootDomain.id),
  'domain by name': (db) => findDomain(db, 'root'),
  findRole: (db) => findRole(db, { domainId: rootDomain.id, name: 'admin' }),
  countHolders: (db) => countHolders(db, role.id, rootDomain.id),
  deleteRole: (db) => write(db, ...deleteRole(db, role.id)),
  assign: (db) => write(db, assign(db, assignment)),
  unassignButNotLast: (db) => write(db, ...unassignButNotLast(db, assignment)),
  rolesOfMany: (db) => rolesOfMany(db, [user.id, aUser().id], scope),
  readHolder: (db) => readHolder(db, user.id, scope),
  findPolicy: (db) => findPolicy(db, null),
  findSession: (db) => findSession(db, session.id),
  'sessions of a user': (db) => listSessions(db, sessionFilter),
  endSessionsOfUser: (db) => write(db, endSessionsOfUser(db, user.id, session.id, 'any', 'revoked', startMs)),
  sweepSessions: (db) =>
    sweepSessions(db, { nowMs: startMs, endedBeforeMs: startMs, namedEndedBeforeMs: startMs, batch: 10 }),
  'every session of a user': (db) => listUserSessions(db, { ...newest, living: null }),
  insertApiToken: (db) => write(db, insertApiToken(db, { name: 'a', session })),
  findApiToken: (db) => findApiToken(db, session.id),
  namedApiTokens: (db) => namedApiTokens(db, user.id),
  listApiTokens: (db) => listApiTokens(db, newest),
  freeNames: (db) => db.write(freeNames(db, [session.id])),
  'audit entries of an action': (db) => listAudit(db, { action: 'refresh', target: null, ...page }),
  'audit entries of a target': (db) => listAudit(db, { action: null, target: 'a', ...page }),
  readFeedState: (db) => readFeedState(db),
  placeRevocations: (db) => write(db, ...placeRevocations(db, noLives, startMs)),
  revocationsAfter: (db) => revocationsAfter(db, 7, 10),
  sweepRevocations: (db) => sweepRevocations(db, { nowMs: startMs, batch: 10 }),
  findApplication: (db) => findApplication(db, 'billing'),
  deleteApplication: (db) => write(db, ...deleteApplication(db, applicationId)),
  findGrantedToken: (db) => findGrantedToken(db, 'a', startMs),
  grantedTokensOf: (db) => grantedTokensOf(db, applicationId, { endsAfterMs: 0, nowMs: startMs }),
  denyGrantedToken: (db) => write(db, denyGrantedToken(db, { key: 'a', applicationId }, startMs)),
  denyTokensOfOlderKeys: (db) =>
    write(db, denyTokensOfOlderKeys(db, { id: applicationId, keyNumber: 2 }, startMs)),
  noteTokensUsed: (db) => write(db, noteTokensUsed(db, applicationId, ['a', 'b'], startMs)),
  sweepGrantedTokens: (db) => write(db, sweepGrantedTokens(db, startMs)),
  deniedKeysOf: (db) => deniedKeysOf(db, applicationId, startMs),
  sweepDeniedTokens: (db) => write(db, sweepDeniedTokens(db, startMs)),
  readGuesses: (db) => readGuesses(db, ['a', 'b']),
  countGuess: (db) =>
    write(db, countGuess(db, 'a', { failures: 1, windowMs: 1, firstLockMs: 1, longestLockMs: 1 }, startMs)),
  clearGuess: (db) => write(db, clearGuess(db, 'a')),
  sweepGuesses: (db) => sweepGuesses(db, startMs),
  'roles of a domain': (db) =>
    listRoles(db, { domainId: rootDomain.id, name: null, except: [], userId: null, ...page }),
  unassign: (db) => write(db, unassign(db, assignment)),
  heldRoles: (db) => heldRoles(db, user.id),
  holdersOf: (db) => holdersOf(db, { role: 'admin', domainId: rootDomain.id }),
  holdsAnythingIn: (db) => holdsAnythingIn(db, user.id, tenant.id),
  'domain by name alone': (db) => findDomainByName(db, 'root'),
  isDomainEmpty: (db) => isDomainEmpty(db, rootDomain.id),
  deleteDomain: (db) => write(db, ...deleteDomain(db, rootDomain.id)),
  'tenant by id': (db) => findTenantAnywhere(db, tenant.id),
  deleteTenant: (db) => write(db, ...deleteTenant(db, tenant.id)),
  'one tenant': (db) => whole(listTenantsOf(db, scope, { matches: [], sort: null })),
  'tenants by the beginning of a name': (db) => whole(listTenantsOf(db, inDomain, beginning('name'))),
  'tenants of all domains by the beginning of a name': (db) =>
    whole(listTenantsOf(db, everywhere, beginning('name'))),
  'tenants a user holds roles in': (db) =>
    whole(listTenantsWithRole(db, user.id, { matches: [], sort: null })),
  'tenants of a domain a user holds roles in': (db) => whole(listTenantsAssigned(db, rootDomain.id, user.id)),
  'domains by the beginning of a name': (db) => whole(listDomainsOf(db, { kind: 'all' }, beginning('name'))),
  'domains a user holds roles in': (db) =>
    whole(listDomainsOf(db, { kind: 'touched', userId: user.id }, { matches: [], sort: null })),
  'users of a tenant': (db) => whole(listUsersOf(db, scope, { matches: [], sort: null })),
  'users by the beginning of a username': (db) => whole(listUsersOf(db, inDomain, beginning('username'))),
  'users by the beginning of a name': (db) => whole(listUsersOf(db, inDomain, beginning('name'))),
  'users by the beginning of an organisation': (db) => whole(listUsersOf(db, inDomain, beginning('orgName'))),
  'users of all domains by the beginning of a name': (db) =>
    whole(listUsersOf(db, everywhere, beginning('name'))),
  'users by the beginning of an id': (db) => whole(listUsersOf(db, everywhere, beginning('id'))),
};

/** What gives a page of everything: it walks along an index, and so need not sort. */
const walks: Readonly<Record<string, (db: Database) => Promise<unknown>>> = {
  'all sessions': (db) => listSessions(db, { ...sessionFilter, userId: null }),
  'all users': (db) => listUsers(db, { ...userFilter, domainId: null, inAllRoles: [] }),
  'all domains': (db) => listDomains(db, { userId: null, ...page }),
  'domains of a user': (db) => domainsOf(db, user.id),
  sweepAudit: (db) => sweepAudit(db, { beforeMs: startMs, batch: 10 }),
  'tenants of a domain': (db) => whole(listTenantsOf(db, inDomain, { matches: [], sort: null })),
  'tenants of a domain, downwards': (db) => whole(listTenantsOf(db, inDomain, sorted('name'))),
  'enabled tenants of a domain': (db) =>
    whole(listEnabledTenants(db, rootDomain.id, { matches: [], sort: null })),
  'enabled tenants of all domains': (db) => whole(listEnabledTenants(db, null, { matches: [], sort: null })),
  'all tenants': (db) => whole(listTenantsOf(db, everywhere, { matches: [], sort: null })),
  'all tenants by id': (db) => whole(listTenantsOf(db, everywhere, sorted('id'))),
  'enabled domains': (db) => whole(listDomainsOf(db, { kind: 'enabled' }, { matches: [], sort: null })),
  'all domains, downwards': (db) => whole(listDomainsOf(db, { kind: 'all' }, sorted('name'))),
  'users of a domain by username': (db) => whole(listUsersOf(db, inDomain, sorted('username'))),
  'users of a domain by name': (db) => whole(listUsersOf(db, inDomain, sorted('name'))),
  'users of a domain by organisation': (db) => whole(listUsersOf(db, inDomain, sorted('orgName'))),
  'all users by username': (db) => whole(listUsersOf(db, everywhere, sorted('username'))),
  'all users by name': (db) => whole(listUsersOf(db, everywhere, sorted('name'))),
  'all users by organisation': (db) => whole(listUsersOf(db, everywhere, sorted('orgName'))),
  'roles everywhere': (db) => whole(listRolesOf(db, null)),
  'granted tokens': (db) => listGrantedTokens(db, grantedFilter),
  'granted tokens of an application': (db) => listGrantedTokens(db, { ...grantedFilter, applicationId }),
  'granted tokens of a user': (db) => listGrantedTokens(db, { ...grantedFilter, userId: user.id }),
  'all applications': (db) => listApplications(db, { after: '', limit: 10 }),
};

const applicationId = '0b9f6d3e-7a1b-4c52-9d1e-2f7a6b5c4d3e' as ApplicationId;
const noLives = { secondsByFace: new Map([['test', 60]]), longestSeconds: 60, marginSeconds: 0 };
const grantedFilter = {
  applicationId: null,
  userId: null,
  state: 'live',
  before: 'z',
  limit: 10,
  nowMs: startMs,
} as const;

async function write(db: Database, ...writes: Write[]): Promise<void> {
  await db.write(writes);
}

onBothEngines('plans', (store) => {
  for (const [name, ask] of Object.entries(searches)) {
    test(`${name}: looks at nothing but what it is about`, async () => {
      const { db, statements } = recording(store.db);
      await ask(db);
      assert.ok(statements.length > 0);
      for (const plan of await plansOf(store.place, statements)) {
        assert.doesNotMatch(plan, wholeTable);
        assert.doesNotMatch(plan, wholeIndex);
      }
    });
  }

  for (const [name, ask] of Object.entries(walks)) {
    test(`${name}: a page comes in the order of an index`, async () => {
      const { db, statements } = recording(store.db);
      await ask(db);
      // A count stops at so many rows, in whatever order they come.
      const pages = statements.filter(({ sql }) => / limit |order by/.test(sql) && !sql.includes('counted'));
      for (const plan of await plansOf(store.place, pages)) {
        // SQLite reads in the order of a table's own key what it need not sort.
        if (store.db.engine === 'postgresql' || !plan.startsWith('SCAN audit'))
          assert.doesNotMatch(plan, wholeTable);
        const [outer = ''] = plan.split('SubPlan');
        assert.doesNotMatch(outer, /TEMP B-TREE FOR ORDER BY|-> {2}Sort /);
      }
    });
  }

  test('the hot statements go by the session’s key', async () => {
    const hot =
      store.db.engine === 'sqlite'
        ? Object.values(hotSqlite.statements).map((sql) => ({ sql, parameters: parametersOf(sql) }))
        : Object.values(hotPostgresql.statements).map(({ text }) => ({
            sql: text,
            parameters: parametersOf(text),
          }));
    assert.equal(hot.length, store.db.engine === 'sqlite' ? 3 : 2);
    for (const plan of await plansOf(store.place, hot)) {
      assert.doesNotMatch(plan, wholeTable);
      assert.match(
        plan,
        /SEARCH sessions USING (?:PRIMARY KEY|INDEX sqlite_autoindex_sessions_1) \(id=\?\)|sessions_pkey/,
      );
    }
  });
});

/** As many as the statement has; what they are does not matter to a plan. */
function parametersOf(sql: string): null[] {
  const numbered = sql.match(/\$\d+/g) ?? [];
  const count = numbered.length > 0 ? new Set(numbered).size : (sql.match(/\?/g) ?? []).length;
  return new Array<null>(count).fill(null);
}
