/** Counters of failed attempts in the database, so that all nodes count together. @module */
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { countGuess as decideGuess, type GuessCounter, type GuessLimit } from '../domain/guessing.ts';
import type { Database, Write } from './database.ts';
import { type PreparedQuery, prepared } from './prepared.ts';
import type { GuessesTable } from './schema.ts';
import { changesAny } from './write.ts';

/** The counters of these keys; a key that was never counted is absent. */
export async function readGuesses(db: Database, keys: readonly string[]): Promise<Map<string, GuessCounter>> {
  if (keys.length === 0) return new Map();
  const rows = await db.read(reader(keys.length)(db, keys));
  return new Map(
    rows.map((row) => [
      row.key,
      {
        failures: row.failures,
        windowStartedAtMs: row.window_started_at_ms,
        locks: row.locks,
        lockedUntilMs: row.locked_until_ms,
      },
    ]),
  );
}

/** A text for each number of keys; nearly always there are three. */
const readers = new Map<number, PreparedQuery<readonly string[], Selectable<GuessesTable>>>();

function reader(count: number): PreparedQuery<readonly string[], Selectable<GuessesTable>> {
  const made =
    readers.get(count) ??
    prepared((queries, keys) =>
      queries.selectFrom('guesses').selectAll().where('key', 'in', Object.values(keys)),
    );
  readers.set(count, made);
  return made;
}

/** Beyond this many doublings every lock is the longest one anyway. */
const mostDoublings = 20;

/** Counts one failure: `countGuess` of domain/guessing.ts as one statement, so that no two at once lose a count. */
export function countGuess(db: Database, key: string, limit: GuessLimit, nowMs: number): Write {
  const insert = db.queries.insertInto('guesses').values(firstFailure(key, limit, nowMs));
  return changesAny(
    insert.onConflict((conflict) => conflict.column('key').doUpdateSet(nextFailure(limit, nowMs))),
  );
}

function firstFailure(key: string, limit: GuessLimit, nowMs: number): GuessesTable {
  const { failures, windowStartedAtMs, locks, lockedUntilMs } = decideGuess(null, limit, nowMs);
  return {
    key,
    failures,
    window_started_at_ms: windowStartedAtMs,
    locks,
    locked_until_ms: lockedUntilMs,
    forget_at_ms: nowMs + limit.longestLockMs + limit.windowMs,
  };
}

function nextFailure(
  limit: GuessLimit,
  nowMs: number,
): { [Column in keyof Omit<GuessesTable, 'key'>]: RawBuilder<never> } {
  const now = whole(nowMs);
  const windowEnd = sql`guesses.window_started_at_ms + ${whole(limit.windowMs)}`;
  const isFresh = sql`${windowEnd} <= ${now}`;
  const failures = sql`case when ${isFresh} then 1 else guesses.failures + 1 end`;
  const locks = sql`case when ${windowEnd} + ${whole(limit.longestLockMs)} <= ${now} then 0 else guesses.locks end`;
  const locksNow = sql`(${failures}) >= ${whole(limit.failures)}`;
  const doublings = sql`case when (${locks}) > ${whole(mostDoublings)} then ${whole(mostDoublings)} else (${locks}) end`;
  const lockMs = sql`${whole(limit.firstLockMs)} * (1 << cast(${doublings} as integer))`;
  const longestMs = whole(limit.longestLockMs);
  const lockedUntil = sql`${now} + case when ${lockMs} > ${longestMs} then ${longestMs} else ${lockMs} end`;
  return {
    failures: sql<never>`case when ${locksNow} then 0 else (${failures}) end`,
    window_started_at_ms: sql<never>`case when ${locksNow} or ${isFresh} then ${now} else guesses.window_started_at_ms end`,
    locks: sql<never>`case when ${locksNow} then (${locks}) + 1 else (${locks}) end`,
    locked_until_ms: sql<never>`case when ${locksNow} then ${lockedUntil} else null end`,
    forget_at_ms: sql<never>`${now} + ${whole(limit.longestLockMs + limit.windowMs)}`,
  };
}

/** PostgreSQL cannot tell the type of a bare parameter in an expression. */
const whole = (value: number): RawBuilder<unknown> => sql`cast(${value} as bigint)`;

export function clearGuess(db: Database, key: string): Write {
  return changesAny(clear(db, { key }));
}

const clear = prepared((queries, { key }: { key: string }) =>
  queries.deleteFrom('guesses').where('key', '=', key),
);

/** Removes counters that mean nothing any more. */
export async function sweepGuesses(db: Database, nowMs: number): Promise<void> {
  await db.write([changesAny(db.queries.deleteFrom('guesses').where('forget_at_ms', '<=', nowMs))]);
}
