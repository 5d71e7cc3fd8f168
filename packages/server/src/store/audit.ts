/** The audit log in the database. @module */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Insertable } from 'kysely';
import type { AuditAction, AuditEntry } from '../domain/audit.ts';
import type { JsonObject } from '../domain/tenancy.ts';
import type { Database, Write } from './database.ts';
import { type Page, type PageLimits, readPage } from './page.ts';
import { prepared } from './prepared.ts';
import type { AuditTable } from './schema.ts';
import { changesAny, changesOne } from './write.ts';

export function insertAudit(db: Database, entry: AuditEntry): Write {
  const row = {
    at_ms: entry.atMs,
    action: entry.action,
    outcome: entry.outcome,
    reason: entry.reason,
    actor_id: entry.actorId,
    target: entry.target,
    request_id: entry.requestId,
    address: entry.address,
    detail: JSON.stringify(entry.detail),
  };
  return changesOne(insert(db, row));
}

const insert = prepared((queries, row: Insertable<AuditTable>) => queries.insertInto('audit').values(row));

export interface AuditFilter extends PageLimits {
  readonly action: AuditAction | null;
  readonly target: string | null;
}

/** Entries, newest first. */
export function listAudit(db: Database, filter: AuditFilter): Promise<Page<AuditEntry>> {
  let query = db.queries.selectFrom('audit');
  if (filter.action !== null) query = query.where('action', '=', filter.action);
  if (filter.target !== null) query = query.where('target', '=', filter.target);
  return readPage(
    db,
    query.selectAll().orderBy('id', 'desc').offset(filter.skip).limit(filter.limit),
    query.select((eb) => eb.fn.countAll<number>().as('total')),
    (row) => ({
      atMs: row.at_ms,
      action: row.action as AuditAction,
      outcome: row.outcome,
      reason: row.reason,
      actorId: row.actor_id,
      target: row.target,
      requestId: row.request_id,
      address: row.address,
      detail: JSON.parse(row.detail) as JsonObject,
    }),
  );
}

/** Removes the oldest entries, at most `batch` at a time, as far as they are older. Gives how many went. */
export async function sweepAudit(
  db: Database,
  { beforeMs, batch }: { beforeMs: number; batch: number },
): Promise<number> {
  let swept = 0;
  for (;;) {
    const oldest = await db.read(
      db.queries.selectFrom('audit').select(['id', 'at_ms']).orderBy('id').limit(batch),
    );
    const kept = oldest.findIndex((row) => row.at_ms >= beforeMs);
    const doomed = kept === -1 ? oldest : oldest.slice(0, kept);
    const last = doomed.at(-1);
    if (last === undefined) return swept;
    await db.write([changesAny(db.queries.deleteFrom('audit').where('id', '<=', last.id))]);
    swept += doomed.length;
    await nextTurn();
  }
}
