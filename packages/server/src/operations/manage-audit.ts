/** The audit entry that is written together with an administrator's change. @module */
import type { AuditAction } from '../domain/audit.ts';
import type { JsonObject } from '../domain/tenancy.ts';
import { insertAudit } from '../store/audit.ts';
import type { Write } from '../store/database.ts';
import type { Caller, Core } from './core.ts';

/**
 * @param target id or name of what was changed
 * @param detail never a secret: names of fields rather than their values
 */
export function auditOf(
  core: Core,
  caller: Caller,
  action: AuditAction,
  target: string,
  detail: JsonObject = {},
): Write {
  return insertAudit(core.database, {
    atMs: core.clock(),
    action,
    outcome: 'done',
    reason: null,
    actorId: caller.principal.userId,
    target,
    requestId: caller.origin.requestId,
    address: caller.origin.address,
    detail,
  });
}
