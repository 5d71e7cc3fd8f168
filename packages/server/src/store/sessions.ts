/** Sessions in the database, apart from the hot statements (see {@link Database.changeSession}). @module */
import type { Expression, ExpressionBuilder, Insertable, SqlBool } from 'kysely';
import type { DomainId, SessionId, UserId } from '../domain/ids.ts';
import type { LifetimeLimits } from '../domain/lifetimes.ts';
import type { EndReason, Session, SessionPurpose } from '../domain/session.ts';
import type { Database, Write } from './database.ts';
import type { Page, PageLimits } from './page.ts';
import { prepared } from './prepared.ts';
import type { SessionsTable, Tables } from './schema.ts';
import { livesAt, type SessionQuery, sessionsMatching } from './session-filter.ts';
import { type Piece, sessionPieces } from './session-pieces.ts';
import { rowOfSession, sessionOf } from './session-row.ts';
import { changesAny, changesOne } from './write.ts';

/** @throws {WriteConflict} on execution, when the user is gone */
export function insertSession(db: Database, session: Session): Write {
  return changesOne(insert(db, rowOfSession(session)));
}

const insert = prepared((queries, row: Insertable<SessionsTable>) =>
  queries.insertInto('sessions').values(row),
);

export async function findSession(db: Database, id: SessionId): Promise<Session | null> {
  const [row] = await db.read(db.queries.selectFrom('sessions').selectAll().where('id', '=', id));
  return row === undefined ? null : sessionOf(row);
}

/**
 * Writes what a sign-in to a live session changes.
 *
 * @throws {WriteConflict} on execution, when the session has ended in between
 */
export function writeReauthentication(db: Database, session: Session): Write {
  const row = rowOfSession(session);
  const update = db.queries.updateTable('sessions').set((eb) => ({
    version: eb('version', '+', 1),
    domain_id: row.domain_id,
    tenant_id: row.tenant_id,
    amr: row.amr,
    authenticated_at_ms: row.authenticated_at_ms,
    used_at_ms: row.used_at_ms,
    refreshed_at_ms: row.refreshed_at_ms,
    used_from: row.used_from,
  }));
  return changesOne(update.where('id', '=', session.id).where('ended_at_ms', 'is', null));
}

/** The session that the user signs in to again for this purpose; null where none was opened yet, or it is gone. */
export async function findSessionOfSlot(db: Database, userId: UserId, slot: string): Promise<Session | null> {
  const query = db.queries
    .selectFrom('session_slots')
    .innerJoin('sessions', 'sessions.id', 'session_slots.session_id')
    .selectAll('sessions')
    .where('session_slots.user_id', '=', userId)
    .where('session_slots.slot', '=', slot);
  const [row] = await db.read(query);
  return row === undefined ? null : sessionOf(row);
}

/** Puts a session in the slot, in place of another. */
export function takeSlot(db: Database, slot: string, { id, userId }: Session): Write {
  const insert = db.queries.insertInto('session_slots').values({ user_id: userId, slot, session_id: id });
  return changesAny(
    insert.onConflict((conflict) => conflict.columns(['user_id', 'slot']).doUpdateSet({ session_id: id })),
  );
}

export interface SessionFilter extends PageLimits {
  readonly userId: UserId | null;
  /** Only those for this domain; null: for any. */
  readonly domainId: DomainId | null;
  /** Carries all of them. */
  readonly labels: readonly string[];
  readonly ended: 'hide' | 'show';
  readonly expired: 'hide' | 'show';
  /** Last refreshed, or made if never refreshed, before this instant. */
  readonly notRefreshedSinceMs: number | null;
  readonly nowMs: number;
  readonly limits: LifetimeLimits;
}

export interface ListedSession {
  readonly session: Session;
  readonly username: string;
  readonly connection: string;
}

/** Sessions that have a refresh token and were not deleted, oldest first. */
export async function listSessions(db: Database, filter: SessionFilter): Promise<Page<ListedSession>> {
  const query = sessionsMatching(db, filter);
  // One user's are few; all of them are looked through in pieces.
  const pieces = filter.userId === null ? sessionPieces(db, rowsInPiece) : [everything];
  const rows: ListedSession[] = [];
  let total = 0;
  for await (const piece of pieces) {
    const inPiece = query.where(piece);
    const [count] = await db.read(inPiece.select((eb) => eb.fn.countAll<number>().as('total')));
    const found = count?.total ?? 0;
    const skip = Math.max(0, filter.skip - total);
    if (skip < found && rows.length < filter.limit)
      rows.push(...(await readListed(db, inPiece, skip, filter.limit - rows.length)));
    total += found;
  }
  return { rows, total };
}

/** A few milliseconds' worth. */
const rowsInPiece = 5000;

const everything: Piece = (eb) => eb.and([]);

async function readListed(
  db: Database,
  query: SessionQuery,
  skip: number,
  limit: number,
): Promise<ListedSession[]> {
  const listed = query
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .selectAll('sessions')
    .select(['users.username', 'users.connection'])
    .orderBy('sessions.id')
    .offset(skip)
    .limit(limit);
  const rows = await db.read(listed);
  return rows.map((row) => ({
    session: sessionOf(row),
    username: row.username,
    connection: row.connection,
  }));
}

export interface UserSessionFilter {
  readonly userId: UserId;
  /** Only this one; null: all. */
  readonly id: SessionId | null;
  /** Only those opened before this one; null: from the newest. */
  readonly before: SessionId | null;
  /** Only those that live then; null: all. */
  readonly living: { readonly atMs: number; readonly limits: LifetimeLimits } | null;
  readonly limit: number;
}

/** A session, and what its user called it where it is a named token; null: it is none. */
export interface NamedSession {
  readonly session: Session;
  readonly tokenName: string | null;
}

/** A user's sessions of every kind that were not deleted, the newest first. */
export async function listUserSessions(
  db: Database,
  { userId, id, before, living, limit }: UserSessionFilter,
): Promise<NamedSession[]> {
  let query = db.queries
    .selectFrom('sessions')
    .where('sessions.user_id', '=', userId)
    .where((eb) => eb(eb.fn.coalesce('end_reason', eb.val('')), '<>', 'deleted'));
  if (id !== null) query = query.where('sessions.id', '=', id);
  if (before !== null) query = query.where('sessions.id', '<', before);
  if (living !== null)
    query = query.where('ended_at_ms', 'is', null).where((eb) => livesAt(eb, living.atMs, living.limits));
  const named = query
    .leftJoin('api_tokens', 'api_tokens.session_id', 'sessions.id')
    .selectAll('sessions')
    .select('api_tokens.name as token_name')
    .orderBy('sessions.id', 'desc')
    .limit(limit);
  const rows = await db.read(named);
  return rows.map((row) => ({ session: sessionOf(row), tokenName: row.token_name }));
}

/** Ends what of the user's sessions has not ended yet. */
export function endSessionsOfUser(
  db: Database,
  userId: UserId,
  except: SessionId | null,
  purpose: SessionPurpose | 'any',
  reason: EndReason,
  nowMs: number,
): Write {
  let query = db.queries
    .updateTable('sessions')
    .set((eb) => ({ ended_at_ms: nowMs, end_reason: reason, version: eb('version', '+', 1) }))
    .where('user_id', '=', userId)
    .where('ended_at_ms', 'is', null);
  if (except !== null) query = query.where('id', '<>', except);
  if (purpose !== 'any') query = query.where('purpose', '=', purpose);
  return changesAny(query);
}

export interface SessionSweep {
  readonly nowMs: number;
  /** What ended or expired before this goes; of those with a name, what did so before the second. */
  readonly endedBeforeMs: number;
  readonly namedEndedBeforeMs: number;
  /** Most rows looked at in one statement. */
  readonly batch: number;
}

const noLimits: LifetimeLimits = { maximumRefreshSeconds: null, maximumSessionSeconds: null };

/**
 * Removes sessions that nobody asks about any more: ended or expired ones past the keeping time, and those that lived
 * only as long as their one access token. Gives how many went.
 *
 * The installation's limits do not count here: they may be widened again.
 */
export async function sweepSessions(
  db: Database,
  { nowMs, endedBeforeMs, namedEndedBeforeMs, batch }: SessionSweep,
): Promise<number> {
  const isOver = (eb: ExpressionBuilder<Tables, 'sessions'>): Expression<SqlBool> =>
    eb.or([
      eb.and([
        eb('rotation', '<>', 'every-use'),
        eb.or([eb('ended_at_ms', '<', endedBeforeMs), eb.not(livesAt(eb, endedBeforeMs, noLimits))]),
      ]),
      eb('ended_at_ms', '<', namedEndedBeforeMs),
      eb.and([
        eb('kind', '=', 'access'),
        eb('idle_seconds', 'is', null),
        eb.not(livesAt(eb, nowMs, noLimits)),
      ]),
    ]);
  let swept = 0;
  for await (const piece of sessionPieces(db, batch)) {
    const query = db.queries.selectFrom('sessions').select('id').where(piece).where(isOver);
    const doomed = (await db.read(query)).map(({ id }) => id);
    if (doomed.length === 0) continue;
    // Asked again on deletion: a session may have been renewed in between.
    const named = db.queries.deleteFrom('api_tokens').where('session_id', 'in', doomed);
    const isGone = (eb: ExpressionBuilder<Tables, 'api_tokens'>): Expression<SqlBool> =>
      eb.not(eb.exists(eb.selectFrom('sessions').select('id').whereRef('id', '=', 'session_id')));
    await db.write([
      changesAny(db.queries.deleteFrom('sessions').where('id', 'in', doomed).where(isOver)),
      changesAny(named.where(isGone)),
    ]);
    swept += doomed.length;
  }
  return swept;
}

export interface OpenSessions {
  /** The interfaces that opened them. */
  readonly faces: readonly string[];
  /** `created`: opened before the instant; `issued`: last renewed before it. */
  readonly since: 'created' | 'issued';
  readonly beforeMs: number;
}

/** Whether such a session is open still. Walks the table: not for requests. */
export async function isAnySessionOpen(
  db: Database,
  { faces, since, beforeMs }: OpenSessions,
): Promise<boolean> {
  const query = db.queries
    .selectFrom('sessions')
    .select('id')
    .where('face', 'in', faces)
    .where('ended_at_ms', 'is', null)
    .where(since === 'created' ? 'created_at_ms' : 'issued_at_ms', '<', beforeMs)
    .limit(1);
  for await (const piece of sessionPieces(db, rowsInPiece))
    if ((await db.read(query.where(piece))).length > 0) return true;
  return false;
}
