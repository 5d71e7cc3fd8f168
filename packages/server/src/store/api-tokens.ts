/** Named tokens for programs in the database: a name each, beside the session that it is. @module */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SessionId, UserId } from '../domain/ids.ts';
import type { Session } from '../domain/session.ts';
import type { Database, Write } from './database.ts';
import { sessionOf } from './session-row.ts';
import { changesAny, changesOne } from './write.ts';

export interface ApiToken {
  readonly name: string;
  readonly session: Session;
}

/** @throws {DuplicateRow} on execution, when the user has a live one of this name */
export function insertApiToken(db: Database, { name, session }: ApiToken): Write {
  const row = { session_id: session.id, user_id: session.userId, name, live_name: name };
  return changesOne(db.queries.insertInto('api_tokens').values(row));
}

/** Lets the names of dead tokens be taken again. */
export function freeNames(db: Database, ids: readonly SessionId[]): Write[] {
  if (ids.length === 0) return [];
  const update = db.queries.updateTable('api_tokens').set({ live_name: null });
  return [changesAny(update.where('session_id', 'in', ids))];
}

/** Those whose names are taken: all live ones, and some that have died unseen. */
export async function namedApiTokens(db: Database, userId: UserId): Promise<ApiToken[]> {
  const query = withSessions(db).where('api_tokens.user_id', '=', userId);
  return (await db.read(query.where('api_tokens.live_name', 'is not', null))).map(apiTokenOf);
}

export async function findApiToken(db: Database, id: SessionId): Promise<ApiToken | null> {
  const [row] = await db.read(withSessions(db).where('api_tokens.session_id', '=', id));
  return row === undefined ? null : apiTokenOf(row);
}

export interface ApiTokenFilter {
  readonly userId: UserId;
  /** Only this one; null: all. */
  readonly id: SessionId | null;
  /** Only those made before this one; null: from the newest. */
  readonly before: SessionId | null;
  readonly limit: number;
}

/** A user's, the newest first, dead ones too as long as they are kept. */
export async function listApiTokens(
  db: Database,
  { userId, id, before, limit }: ApiTokenFilter,
): Promise<ApiToken[]> {
  let query = withSessions(db).where('api_tokens.user_id', '=', userId);
  if (id !== null) query = query.where('api_tokens.session_id', '=', id);
  if (before !== null) query = query.where('api_tokens.session_id', '<', before);
  const rows = await db.read(query.orderBy('api_tokens.session_id', 'desc').limit(limit));
  return rows.map(apiTokenOf);
}

/** All that have not ended, oldest first, so many at a time: there may be many, and on SQLite everybody waits for a statement. */
export async function* unendedApiTokens(db: Database, batch: number): AsyncGenerator<ApiToken> {
  for (let after = '' as SessionId; ; ) {
    const query = withSessions(db).where('api_tokens.session_id', '>', after);
    const rows = await db.read(query.orderBy('api_tokens.session_id').limit(batch));
    for (const row of rows) if (row.ended_at_ms === null) yield apiTokenOf(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < batch) return;
    after = last.id;
    await nextTurn();
  }
}

function withSessions(db: Database) {
  return db.queries
    .selectFrom('api_tokens')
    .innerJoin('sessions', 'sessions.id', 'api_tokens.session_id')
    .selectAll('sessions')
    .select('api_tokens.name as token_name');
}

function apiTokenOf(row: Parameters<typeof sessionOf>[0] & { readonly token_name: string }): ApiToken {
  return { name: row.token_name, session: sessionOf(row) };
}
