/** Counters of failed attempts in the database, so that all nodes count together. @module */
import { sql } from 'kysely';
import type { Database, Write } from './database.ts';
import { changesAny } from './write.ts';

export interface GuessCounter {
  /** Failures since `startedAtMs`. */
  readonly failures: number;
  readonly startedAtMs: number;
  /** Until when attempts are refused unseen; null: they are not. */
  readonly lockedUntilMs: number | null;
}

/** What to do with a failure: so many within a window lock the key for a while. */
export interface GuessRule {
  readonly windowMs: number;
  readonly limit: number;
  readonly lockMs: number;
}

/** The counters of these keys; a key that was never counted is absent. */
export async function readGuesses(db: Database, keys: readonly string[]): Promise<Map<string, GuessCounter>> {
  if (keys.length === 0) return new Map();
  const rows = await db.read(db.queries.selectFrom('guesses').selectAll().where('key', 'in', keys));
  return new Map(
    rows.map((row) => [
      row.key,
      { failures: row.failures, startedAtMs: row.started_at_ms, lockedUntilMs: row.locked_until_ms },
    ]),
  );
}

/** Counts one failure; a window that is over begins anew. One statement, so that no two lose a count. */
export function countGuess(db: Database, key: string, nowMs: number, rule: GuessRule): Write {
  const first = {
    key,
    failures: 1,
    started_at_ms: nowMs,
    locked_until_ms: rule.limit <= 1 ? nowMs + rule.lockMs : null,
    forget_at_ms: nowMs + Math.max(rule.windowMs, rule.limit <= 1 ? rule.lockMs : 0),
  };
  const isOver = sql<boolean>`guesses.started_at_ms <= ${nowMs - rule.windowMs}`;
  const failures = sql<number>`case when ${isOver} then 1 else guesses.failures + 1 end`;
  const isLocked = sql<boolean>`(${failures}) >= ${sql.lit(rule.limit)}`;
  const started = sql<number>`case when ${isOver} then ${sql.lit(nowMs)} else guesses.started_at_ms end`;
  const next = {
    failures,
    started_at_ms: started,
    locked_until_ms: sql<
      number | null
    >`case when ${isLocked} then ${sql.lit(nowMs + rule.lockMs)} else guesses.locked_until_ms end`,
    forget_at_ms: sql.lit(nowMs + Math.max(rule.windowMs, rule.lockMs)),
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
