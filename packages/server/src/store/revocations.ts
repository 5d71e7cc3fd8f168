/**
 * The feed of revocations in the database.
 *
 * Rows come by triggers, in the transactions of what they tell of. On PostgreSQL these become visible in another order than
 * their ids were given in, so a reader by id would miss some. The place in the feed is therefore given to rows that are
 * visible already, by one transaction at a time: whoever has read up to a position has missed nothing below it.
 * @module
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { ApplicationId } from '../domain/ids.ts';
import type { TokenLives } from '../domain/revocation.ts';
import type { Database, Write } from './database.ts';
import type { RevocationsTable, Tables } from './schema.ts';
import { changesAny, changesOne } from './write.ts';

export type RevocationRow = Selectable<RevocationsTable>;

export interface FeedState {
  /** Changes when the data is replaced by a backup's. */
  readonly epoch: string;
  readonly head: number;
  /** Access tokens issued until then are worthless; null: no such instant. */
  readonly issuedBeforeMs: number | null;
  /** Whether revocations wait for their position. */
  readonly waiting: 'some' | 'none';
}

export async function readFeedState(db: Database): Promise<FeedState> {
  const query = db.queries
    .selectFrom('revocation_feed')
    .select(['epoch', 'head', 'issued_before_ms', oldestWaiting(db.queries).as('waiting_id')]);
  const [row] = await db.read(query);
  if (row === undefined) throw new Error('the migration makes the one row');
  return {
    epoch: row.epoch,
    head: row.head,
    issuedBeforeMs: row.issued_before_ms,
    waiting: row.waiting_id === null ? 'none' : 'some',
  };
}

function oldestWaiting(queries: Kysely<Tables>) {
  return queries
    .selectFrom('revocations')
    .select((eb) => eb.fn.min('revocations.id').as('id'))
    .where('position', 'is', null);
}

/**
 * Gives each that waits its position, after all that have one, and its end. The first statement lets one node through at a
 * time.
 */
export function placeRevocations(db: Database, lives: TokenLives, nowMs: number): Write[] {
  const { queries } = db;
  const head = queries.selectFrom('revocation_feed').select('head');
  const newest = queries
    .selectFrom('revocations')
    .select((eb) => eb.fn.max('position').$castTo<number>().as('position'))
    .where('position', 'is not', null);
  const lock = queries.updateTable('revocation_feed').set((eb) => ({ head: eb.ref('head') }));
  const place = queries
    .updateTable('revocations')
    .set((eb) => ({
      until_ms: endOf(lives, nowMs),
      position: sql<number>`${eb.ref('id')} + ${head} + 1 - ${oldestWaiting(queries)}`,
    }))
    .where('position', 'is', null);
  const advance = queries.updateTable('revocation_feed').set({ head: newest }).where('head', '<', newest);
  return [changesOne(lock), changesAny(place), changesAny(advance)];
}

/** When no token is left that it could be about. */
function endOf({ secondsByFace, longestSeconds, marginSeconds }: TokenLives, nowMs: number) {
  const faces = [...secondsByFace].map(
    ([face, seconds]) => sql`when ${face} then cast(${seconds} as bigint)`,
  );
  const usual =
    faces.length === 0
      ? sql`${longestSeconds}`
      : sql`case face ${sql.join(faces, sql` `)} else ${longestSeconds} end`;
  return sql<number>`${nowMs} + 1000 * (${marginSeconds} + coalesce(life_seconds, ${usual}))`;
}

/** The next ones, at most `limit`. */
export async function revocationsAfter(
  db: Database,
  position: number,
  limit: number,
): Promise<RevocationRow[]> {
  return await db.read(
    db.queries
      .selectFrom('revocations')
      .selectAll()
      .where('position', '>', position)
      .orderBy('position')
      .limit(limit),
  );
}

/** To be written with every change of an application, its tokens or its deny list. */
export function announceApplication(db: Database, id: ApplicationId): Write {
  return changesOne(
    db.queries.insertInto('revocations').values({ kind: 'application_changed', subject: id }),
  );
}

/** Removes those whose end has come, at most `batch` at a time. Gives how many went. */
export async function sweepRevocations(
  db: Database,
  { nowMs, batch }: { nowMs: number; batch: number },
): Promise<number> {
  for (let swept = 0; ; ) {
    const ended = await db.read(
      db.queries
        .selectFrom('revocations')
        .select('id')
        .where('until_ms', '<', nowMs)
        .orderBy('until_ms')
        .limit(batch),
    );
    if (ended.length === 0) return swept;
    const ids = ended.map(({ id }) => id);
    await db.write([changesAny(db.queries.deleteFrom('revocations').where('id', 'in', ids))]);
    swept += ended.length;
    await nextTurn();
  }
}
