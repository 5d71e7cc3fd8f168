/** The tenants that a user works in. @module */
import type { TenantId, UserId } from '../domain/ids.ts';
import type { Database } from './database.ts';

/** Enabled tenants of enabled domains where the user holds the role itself, oldest first. */
export async function tenantsWhereHeld(
  db: Database,
  userId: UserId,
  roleName: string,
  limit: number,
): Promise<TenantId[]> {
  const query = db.queries
    .selectFrom('assignments')
    .innerJoin('roles', 'roles.id', 'assignments.role_id')
    .innerJoin('tenants', 'tenants.id', 'assignments.tenant_id')
    .innerJoin('domains', 'domains.id', 'tenants.domain_id')
    .select(['tenants.id', 'tenants.created_at_ms'])
    .distinct()
    .where('assignments.user_id', '=', userId)
    .where('roles.name', '=', roleName)
    .where('tenants.enabled', '=', 1)
    .where('domains.enabled', '=', 1)
    .orderBy('tenants.created_at_ms')
    .orderBy('tenants.id')
    .limit(limit);
  return (await db.read(query)).map(({ id }) => id);
}
