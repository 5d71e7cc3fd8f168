/** The audit entry that is written together with an administrator's change. @module */
import type { AuditAction } from '../domain/audit.ts';
import type { JsonObject } from '../domain/tenancy.ts';
import type { Write } from '../store/database.ts';
import { audit } from './audit.ts';
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
  return audit(core, caller.origin, action, { actorId: caller.principal.userId, target, detail });
}
