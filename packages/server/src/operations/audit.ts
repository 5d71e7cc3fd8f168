/** Audit entries, written together with what they tell of. @module */
import type { AuditAction, AuditEntry } from '../domain/audit.ts';
import { insertAudit } from '../store/audit.ts';
import type { Write } from '../store/database.ts';
import type { Core, Origin } from './core.ts';

type Told = Partial<Pick<AuditEntry, 'outcome' | 'reason' | 'actorId' | 'target' | 'detail'>>;

/** The statement that records one action of a request; what is not told is null, the outcome `done`. */
export function audit(
  core: Pick<Core, 'database' | 'clock'>,
  origin: Origin,
  action: AuditAction,
  told: Told,
): Write {
  return insertAudit(core.database, {
    atMs: core.clock(),
    action,
    outcome: told.outcome ?? 'done',
    reason: told.reason ?? null,
    actorId: told.actorId ?? null,
    target: told.target ?? null,
    requestId: origin.requestId,
    address: origin.address,
    detail: told.detail ?? {},
  });
}
