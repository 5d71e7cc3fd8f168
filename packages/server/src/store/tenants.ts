/** Tenants in the database. @module */
import type { DomainId, TenantId } from '../domain/ids.ts';
import type { Tenant } from '../domain/tenancy.ts';
import type { Database, Write } from './database.ts';
import { nameKey } from './name-key.ts';
import { changesOne } from './write.ts';

/** A tenant of the domain; null also when the id is another domain's. */
export async function findTenant(
  db: Database,
  { domainId, id }: { domainId: DomainId; id: TenantId },
): Promise<Tenant | null> {
  const query = db.queries.selectFrom('tenants').selectAll().where('id', '=', id);
  const [row] = await db.read(query.where('domain_id', '=', domainId));
  if (row === undefined) return null;
  return {
    id: row.id,
    domainId: row.domain_id,
    name: row.name,
    enabled: row.enabled === 1,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

/** @throws {DuplicateRow} on execution, when the domain has a tenant of this name */
export function insertTenant(db: Database, tenant: Tenant): Write {
  const row = {
    id: tenant.id,
    domain_id: tenant.domainId,
    name: tenant.name,
    name_key: nameKey(tenant.name),
    enabled: tenant.enabled ? 1 : 0,
    created_at_ms: tenant.createdAtMs,
    updated_at_ms: tenant.updatedAtMs,
  };
  return changesOne(db.queries.insertInto('tenants').values(row));
}
