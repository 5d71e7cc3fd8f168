/** What the list of sessions can be narrowed by. @module */
import { type Expression, type ExpressionBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { LifetimeLimits } from '../domain/lifetimes.ts';
import type { Database } from './database.ts';
import { holdsText } from './json.ts';
import type { Tables } from './schema.ts';
import type { SessionFilter } from './sessions.ts';

export type SessionQuery = SelectQueryBuilder<Tables, 'sessions', Record<never, never>>;

/** The sessions that pass the filter, in no order yet. */
export function sessionsMatching(db: Database, filter: SessionFilter): SessionQuery {
  const { userId, notRefreshedSinceMs: sinceMs } = filter;
  let query: SessionQuery = db.queries
    .selectFrom('sessions')
    .where('kind', '=', 'refresh')
    .where((eb) => eb(eb.fn.coalesce('end_reason', eb.val('')), '<>', 'deleted'));
  if (userId !== null) query = query.where('sessions.user_id', '=', userId);
  if (filter.domainId !== null) query = query.where('sessions.domain_id', '=', filter.domainId);
  if (filter.ended === 'hide') query = query.where('ended_at_ms', 'is', null);
  if (filter.expired === 'hide') query = query.where((eb) => livesAt(eb, filter.nowMs, filter.limits));
  if (sinceMs !== null)
    query = query.where((eb) =>
      eb(eb.fn.coalesce('refreshed_at_ms', 'sessions.created_at_ms'), '<', sinceMs),
    );
  for (const label of filter.labels) query = query.where(holdsText<'sessions'>('sessions.labels', label));
  return query;
}

/** `expiresAtMs(session, limits) > atMs` of domain/lifetimes.ts, as a condition. */
export function livesAt(
  eb: ExpressionBuilder<Tables, 'sessions'>,
  atMs: number,
  limits: LifetimeLimits,
): Expression<SqlBool> {
  const beforeMs = (seconds: number) => atMs - seconds * 1000;
  const fromMs = sql<number>`case rotation when 'every-use' then sessions.created_at_ms else issued_at_ms end`;
  const idleFromMs = sql<number>`case rotation when 'every-use' then issued_at_ms else coalesce(used_at_ms, issued_at_ms) end`;
  const conditions: Expression<SqlBool>[] = [
    eb.or([eb('absolute_seconds', 'is', null), eb(sql`${fromMs} + absolute_seconds * 1000`, '>', atMs)]),
    eb.or([eb('idle_seconds', 'is', null), eb(sql`${idleFromMs} + idle_seconds * 1000`, '>', atMs)]),
  ];
  if (limits.maximumRefreshSeconds !== null)
    conditions.push(eb(fromMs, '>', beforeMs(limits.maximumRefreshSeconds)));
  if (limits.maximumSessionSeconds !== null)
    conditions.push(eb('authenticated_at_ms', '>', beforeMs(limits.maximumSessionSeconds)));
  return eb.and(conditions);
}
