/** Users in the database. @module */
import type { Insertable, OrderByItemBuilder } from 'kysely';
import type { DomainId, UserId } from '../domain/ids.ts';
import type { User } from '../domain/user.ts';
import { type Database, type Write, WriteConflict } from './database.ts';
import { nameKey } from './name-key.ts';
import { type Page, readPage } from './page.ts';
import { type PreparedQuery, prepared } from './prepared.ts';
import type { UsersTable } from './schema.ts';
import { removeSecondFactor } from './second-factors.ts';
import { sortColumns, type UserFilter, type UserSortKey, usersMatching } from './user-filter.ts';
import { rowOfUser, userOf } from './user-row.ts';
import { changesAny, changesOne } from './write.ts';

export async function findUser(db: Database, id: UserId): Promise<User | null> {
  const [row] = await db.read(byId(db, { id }));
  return row === undefined ? null : userOf(row);
}

const byId = prepared((queries, { id }: { id: UserId }) =>
  queries.selectFrom('users').selectAll().where('id', '=', id),
);

export interface Account {
  readonly domainId: DomainId;
  readonly connection: string;
  readonly username: string;
}

/** The user of this name, without regard to case. */
export async function findUserByName(db: Database, account: Account): Promise<User | null> {
  const [row] = await db.read(byName(db, { ...account, key: nameKey(account.username) }));
  return row === undefined ? null : userOf(row);
}

const byName = prepared((queries, { key, domainId, connection }: Account & { key: string }) =>
  queries
    .selectFrom('users')
    .selectAll()
    .where('username_key', '=', key)
    .where('domain_id', '=', domainId)
    .where('connection', '=', connection),
);

/** Whether accounts of this name are kept elsewhere than here. */
export async function isKeptElsewhere(
  db: Database,
  { domainId, connection, username }: Account,
): Promise<boolean> {
  const query = db.queries
    .selectFrom('users')
    .select('id')
    .where('username_key', '=', nameKey(username))
    .where('domain_id', '=', domainId)
    .where('connection', '<>', connection);
  return (await db.read(query.limit(1))).length > 0;
}

export function listUsers(db: Database, filter: UserFilter): Promise<Page<User>> {
  const query = usersMatching(db, filter);
  const { by, order } = filter.sort;
  return readPage(
    db,
    query
      .selectAll()
      .orderBy(sortColumns[by], (column) => inOrder(column, by, order))
      .orderBy('id', order)
      .offset(filter.skip)
      .limit(filter.limit),
    query.select((eb) => eb.fn.countAll<number>().as('total')),
    userOf,
  );
}

/** The engines disagree about where nulls come; a column without any goes by its index only if not told. */
function inOrder(column: OrderByItemBuilder, by: UserSortKey, order: 'asc' | 'desc'): OrderByItemBuilder {
  const ordered = order === 'asc' ? column.asc() : column.desc();
  if (by === 'username') return ordered;
  return order === 'asc' ? ordered.nullsFirst() : ordered.nullsLast();
}

/** @throws {DuplicateRow} on execution, when the name is taken */
export function insertUser(db: Database, user: User): Write {
  return changesOne(db.queries.insertInto('users').values(rowOfUser(user)));
}

/**
 * Writes a changed user, whose `version` is still the one that was read; the row gets the next.
 *
 * @throws {WriteConflict} on execution, when somebody was faster
 */
export function updateUser(db: Database, user: User): Write {
  return changesOne(update(db, rowOfUser(user)));
}

type UserUpdate = Pick<Insertable<UsersTable>, 'id' | 'version'> & Partial<Insertable<UsersTable>>;

function prepareUpdate(): PreparedQuery<UserUpdate, unknown> {
  return prepared((queries, { id, version, ...columns }) =>
    queries
      .updateTable('users')
      .set((eb) => ({ ...columns, version: eb('version', '+', 1) }))
      .where('id', '=', id)
      .where('version', '=', version),
  );
}

const update = prepareUpdate();

/**
 * {@link updateUser} of nothing but what differs from the user that was read: SQLite writes anew every index in which a column
 * of the statement is, and most changes, signing in among them, concern none of the eight.
 */
function updateDifference(db: Database, read: User, changed: User): Write {
  const before: Readonly<Record<string, unknown>> = rowOfUser(read);
  const { id, version, ...columns } = rowOfUser(changed);
  const differing = Object.entries(columns).filter(([name, value]) => value !== before[name]);
  const query = updateOf(differing.map(([name]) => name).join());
  return changesOne(query(db, { id, version, ...Object.fromEntries(differing) }));
}

function updateOf(columns: string): PreparedQuery<UserUpdate, unknown> {
  const known = differenceUpdates.get(columns);
  if (known !== undefined) return known;
  if (differenceUpdates.size >= mostDifferences) differenceUpdates.clear();
  const made = prepareUpdate();
  differenceUpdates.set(columns, made);
  return made;
}

/** By their columns: signing in has a few sets of them, administrators make up others. */
const differenceUpdates = new Map<string, PreparedQuery<UserUpdate, unknown>>();
const mostDifferences = 100;

/**
 * Removes a user and all that is theirs: roles, earlier passwords, sessions.
 *
 * @throws {WriteConflict} on execution, when there is no such user
 */
export function deleteUser(db: Database, id: UserId): Write[] {
  return [
    // The user's row is locked first, so that nothing of theirs is added while the rest goes.
    changesOne(
      db.queries
        .updateTable('users')
        .set((eb) => ({ version: eb('version', '+', 1), enabled: 0 }))
        .where('id', '=', id),
    ),
    changesAny(db.queries.deleteFrom('session_slots').where('user_id', '=', id)),
    changesAny(db.queries.deleteFrom('api_tokens').where('user_id', '=', id)),
    changesAny(db.queries.deleteFrom('sessions').where('user_id', '=', id)),
    changesAny(db.queries.deleteFrom('assignments').where('user_id', '=', id)),
    changesAny(db.queries.deleteFrom('password_history').where('user_id', '=', id)),
    ...removeSecondFactor(db, id),
    changesOne(db.queries.deleteFrom('users').where('id', '=', id)),
  ];
}

/** What a decision about a user leads to: the user to write, or null, and what else is written with them. */
export interface UserChange<Result> {
  readonly user: User | null;
  readonly writes?: readonly Write[];
  readonly result: Result;
}

/** More than any honest race takes; beyond it something writes without end. */
const mostAttempts = 50;

/**
 * Reads a user, decides, and writes only if nobody has changed them in between; else decides again.
 *
 * `decide` may be called more than once. Null when there is no such user.
 */
export async function changeUser<Result>(
  db: Database,
  id: UserId,
  decide: (user: User) => UserChange<Result> | Promise<UserChange<Result>>,
): Promise<Result | null> {
  for (let attempt = 1; ; attempt += 1) {
    const user = await findUser(db, id);
    if (user === null) return null;
    const { user: changed, writes = [], result } = await decide(user);
    const statements = changed === null ? writes : [updateDifference(db, user, changed), ...writes];
    if (statements.length === 0) return result;
    try {
      await db.write(statements);
      return result;
    } catch (error) {
      if (!(error instanceof WriteConflict) || attempt === mostAttempts) throw error;
    }
  }
}

/**
 * {@link changeUser} for a user who was read a while ago and most likely is still so: saves reading them again.
 *
 * @param decide always changes the user, so that the write tells when they are not; then they are read and decided on anew
 */
export async function changeKnownUser<Result>(
  db: Database,
  known: User,
  decide: (user: User) => Promise<UserChange<Result> & { readonly user: User }>,
): Promise<Result | null> {
  const { user: changed, writes = [], result } = await decide(known);
  try {
    await db.write([updateDifference(db, known, changed), ...writes]);
    return result;
  } catch (error) {
    if (error instanceof WriteConflict) return changeUser(db, known.id, decide);
    throw error;
  }
}

/** Hashes of earlier passwords, newest first. */
export async function passwordHistory(db: Database, userId: UserId, limit: number): Promise<string[]> {
  const rows = await db.read(newestPasswords(db, userId, limit));
  return rows.map(({ hash }) => hash);
}

/** Remembers a password's hash, and forgets all but the newest `keep`. */
export function insertPasswordHistory(
  db: Database,
  userId: UserId,
  hash: string,
  atMs: number,
  keep: number,
): Write[] {
  const forget = db.queries
    .deleteFrom('password_history')
    .where('user_id', '=', userId)
    .where('hash', 'not in', newestPasswords(db, userId, keep));
  return [
    changesOne(db.queries.insertInto('password_history').values({ user_id: userId, hash, set_at_ms: atMs })),
    changesAny(forget),
  ];
}

function newestPasswords(db: Database, userId: UserId, limit: number) {
  return db.queries
    .selectFrom('password_history')
    .select('hash')
    .where('user_id', '=', userId)
    .orderBy('set_at_ms', 'desc')
    .orderBy('hash')
    .limit(limit);
}
