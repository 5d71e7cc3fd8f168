/** Tenants in the database. @module */
import { type Insertable, type Selectable, sql } from 'kysely';
import type { DomainId, TenantId, UserId } from '../domain/ids.ts';
import type { Listing, ListQuery, TenantProperty } from '../domain/listing.ts';
import type { NamedTenant, Scope, Tenant } from '../domain/tenancy.ts';
import type { Database, Write } from './database.ts';
import { type Keys, listRows } from './listing.ts';
import { nameKey } from './name-key.ts';
import type { TenantsTable } from './schema.ts';
import { changesAny, changesOne } from './write.ts';

const keys: Keys<TenantProperty> = { id: sql.ref('tenants.id'), name: sql.ref('tenants.name_key') };

const joined = (db: Database) =>
  db.queries.selectFrom('tenants').innerJoin('domains', 'domains.id', 'tenants.domain_id');

/** A tenant of the domain; null also when the id is another domain's. */
export async function findTenant(
  db: Database,
  { domainId, id }: { domainId: DomainId; id: TenantId },
): Promise<Tenant | null> {
  const tenant = await findTenantAnywhere(db, id);
  if (tenant?.domainId !== domainId) return null;
  const { domainName: _name, ...rest } = tenant;
  return rest;
}

export async function findTenantAnywhere(db: Database, id: TenantId): Promise<NamedTenant | null> {
  const query = joined(db).selectAll('tenants').select('domains.name as domain_name');
  const [row] = await db.read(query.where('tenants.id', '=', id));
  return row === undefined ? null : namedTenantOf(row);
}

/** For no domain: all; for a domain: its own; for a tenant: that one. */
export function listTenantsOf(
  db: Database,
  { domainId, tenantId }: Scope,
  query: ListQuery<TenantProperty>,
): Listing<NamedTenant> {
  const all = joined(db);
  const inDomain = domainId === null ? all : all.where('tenants.domain_id', '=', domainId);
  return listTenants(db, tenantId === null ? inDomain : inDomain.where('tenants.id', '=', tenantId), query);
}

/** Enabled ones of enabled domains that the user holds a role in, or in whose domain they do; global roles apart. */
export function listTenantsWithRole(
  db: Database,
  userId: UserId,
  query: ListQuery<TenantProperty>,
): Listing<NamedTenant> {
  const held = db.queries.selectFrom('assignments').where('user_id', '=', userId);
  const domains = held.where('tenant_id', 'is', null).where('assignments.domain_id', 'is not', null);
  const tenants = held.where('tenant_id', 'is not', null);
  const rows = enterable(db).where((eb) =>
    eb.or([
      eb('tenants.domain_id', 'in', domains.select('assignments.domain_id')),
      eb('tenants.id', 'in', tenants.select('assignments.tenant_id')),
    ]),
  );
  return listTenants(db, rows, query);
}

/** The enabled tenants of a domain, if it is enabled, or of all such domains. */
export function listEnabledTenants(
  db: Database,
  domainId: DomainId | null,
  query: ListQuery<TenantProperty>,
): Listing<NamedTenant> {
  const all = enterable(db);
  return listTenants(db, domainId === null ? all : all.where('tenants.domain_id', '=', domainId), query);
}

/** Those of a domain in which the user holds a role of the tenant itself, enabled, by name. */
export function listTenantsAssigned(db: Database, domainId: DomainId, userId: UserId): Listing<NamedTenant> {
  const held = db.queries
    .selectFrom('assignments')
    .select('tenant_id')
    .where('user_id', '=', userId)
    .where('assignments.domain_id', '=', domainId)
    .where('tenant_id', 'is not', null);
  const rows = enterable(db).where('tenants.domain_id', '=', domainId).where('tenants.id', 'in', held);
  return listTenants(db, rows, { matches: [], sort: null });
}

/** @throws {DuplicateRow} on execution, when the domain has a tenant of this name */
export function insertTenant(db: Database, tenant: Tenant): Write {
  return changesOne(db.queries.insertInto('tenants').values(rowOf(tenant)));
}

/** @throws {DuplicateRow | WriteConflict} on execution, when the name is taken or the tenant gone */
export function updateTenant(db: Database, tenant: Tenant): Write {
  const { id, ...columns } = rowOf(tenant);
  return changesOne(db.queries.updateTable('tenants').set(columns).where('id', '=', id));
}

/** Removes a tenant and all roles held in it. @throws {WriteConflict} on execution, when it is gone or a role was just given */
export function deleteTenant(db: Database, id: TenantId): Write[] {
  return [
    changesAny(db.queries.deleteFrom('assignments').where('tenant_id', '=', id)),
    changesOne(db.queries.deleteFrom('tenants').where('id', '=', id)),
  ];
}

type Joined = ReturnType<typeof joined>;

function enterable(db: Database): Joined {
  return joined(db).where('tenants.enabled', '=', 1).where('domains.enabled', '=', 1);
}

function listTenants(db: Database, rows: Joined, query: ListQuery<TenantProperty>): Listing<NamedTenant> {
  return listRows(
    db,
    {
      keys,
      id: keys.id,
      usual: 'name',
      rows,
      select: (found) => found.selectAll('tenants').select('domains.name as domain_name'),
      toRow: namedTenantOf,
    },
    query,
  );
}

function namedTenantOf(row: Selectable<TenantsTable> & { domain_name: string }): NamedTenant {
  return {
    id: row.id,
    domainId: row.domain_id,
    domainName: row.domain_name,
    name: row.name,
    enabled: row.enabled === 1,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

function rowOf(tenant: Tenant): Insertable<TenantsTable> {
  return {
    id: tenant.id,
    domain_id: tenant.domainId,
    name: tenant.name,
    name_key: nameKey(tenant.name),
    enabled: tenant.enabled ? 1 : 0,
    created_at_ms: tenant.createdAtMs,
    updated_at_ms: tenant.updatedAtMs,
  };
}
