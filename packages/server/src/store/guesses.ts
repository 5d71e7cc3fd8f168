/** Counters of failed attempts in the database, so that all nodes count together. @module */
import { sql } from 'kysely';
import type { GuessCounter, GuessLimit } from '../domain/guessing.ts';
import type { Database, Write } from './database.ts';
import { changesAny } from './write.ts';

/** The counters of these keys; a key that was never counted is absent. */
export async function readGuesses(db: Database, keys: readonly string[]): Promise<Map<string, GuessCounter>> {
  if (keys.length === 0) return new Map();
  const rows = await db.read(db.queries.selectFrom('guesses').selectAll().where('key', 'in', keys));
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

/** Beyond this many doublings every lock is the longest one anyway. */
const mostDoublings = 20;

/**
 * Counts one failure: `countGuess` of domain/guessing.ts as one statement, so that no two at once lose a count.
 *
 * Numbers are written into the text: PostgreSQL cannot tell the type of a bare parameter inside `case`.
 */
export function countGuess(db: Database, key: string, limit: GuessLimit, nowMs: number): Write {
  const now = sql.lit(nowMs);
  const wholeMs = sql.lit(limit.longestLockMs + limit.windowMs);
  const fresh = sql`guesses.window_started_at_ms + ${sql.lit(limit.windowMs)} <= ${now}`;
  const failures = sql`case when ${fresh} then 1 else guesses.failures + 1 end`;
  const locks = sql`case when guesses.window_started_at_ms + ${wholeMs} <= ${now} then 0 else guesses.locks end`;
  const locking = sql`(${failures}) >= ${sql.lit(limit.failures)}`;
  const doubled = sql`${sql.lit(limit.firstLockMs)} * (1 << (case when (${locks}) > ${sql.lit(mostDoublings)} then ${sql.lit(mostDoublings)} else (${locks}) end))`;
  const lock = sql`case when (${doubled}) > ${sql.lit(limit.longestLockMs)} then ${sql.lit(limit.longestLockMs)} else (${doubled}) end`;
  const locksAtOnce = limit.failures <= 1;
  const first = {
    key,
    failures: locksAtOnce ? 0 : 1,
    window_started_at_ms: nowMs,
    locks: locksAtOnce ? 1 : 0,
    locked_until_ms: locksAtOnce ? nowMs + Math.min(limit.firstLockMs, limit.longestLockMs) : null,
    forget_at_ms: nowMs + limit.longestLockMs + limit.windowMs,
  };
  const next = {
    failures: sql<number>`case when ${locking} then 0 else (${failures}) end`,
    window_started_at_ms: sql<number>`case when ${locking} or ${fresh} then ${now} else guesses.window_started_at_ms end`,
    locks: sql<number>`case when ${locking} then (${locks}) + 1 else (${locks}) end`,
    locked_until_ms: sql<number | null>`case when ${locking} then ${now} + (${lock}) else null end`,
    forget_at_ms: sql<number>`${now} + ${wholeMs}`,
  };
  return changesAny(
    db.queries
      .insertInto('guesses')
      .values(first)
      .onConflict((conflict) => conflict.column('key').doUpdateSet(next)),
  );
}

export function clearGuess(db: Database, key: string): Write {
  return changesAny(db.queries.deleteFrom('guesses').where('key', '=', key));
}

/** Removes counters that mean nothing any more. */
export async function sweepGuesses(db: Database, nowMs: number): Promise<void> {
  await db.write([changesAny(db.queries.deleteFrom('guesses').where('forget_at_ms', '<=', nowMs))]);
}
