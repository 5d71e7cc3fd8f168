/** All sessions, a piece at a time: there may be millions, and on SQLite everybody waits for a statement. @module */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { SessionId } from '../domain/ids.ts';
import type { Database } from './database.ts';
import type { Tables } from './schema.ts';

/** Whether a session is in the piece. */
export type Piece = (eb: ExpressionBuilder<Tables, 'sessions'>) => Expression<SqlBool>;

/** Walks along the key, oldest first, and lets others have their turn after each piece. */
export async function* sessionPieces(db: Database, rowsInEach: number): AsyncGenerator<Piece> {
  for (let after = '' as SessionId; ; ) {
    const last = await lastOfPiece(db, after, rowsInEach);
    const first = after;
    yield (eb) =>
      eb.and([eb('sessions.id', '>', first), ...(last === null ? [] : [eb('sessions.id', '<=', last)])]);
    if (last === null) return;
    after = last;
    await nextTurn();
  }
}

async function lastOfPiece(db: Database, after: SessionId, rows: number): Promise<SessionId | null> {
  const query = db.queries.selectFrom('sessions').select('id').where('id', '>', after).orderBy('id');
  const [row] = await db.read(query.offset(rows - 1).limit(1));
  return row?.id ?? null;
}
