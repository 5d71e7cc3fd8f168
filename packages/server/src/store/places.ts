/** Where a token is for: the domain and tenant that a scope names, and whether they stand. @module */
import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { DomainId, TenantId } from '../domain/ids.ts';
import type { NamedScope, Scope } from '../domain/tenancy.ts';
import type { Database } from './database.ts';
import { nameKey } from './name-key.ts';
import { prepared } from './prepared.ts';
import type { Tables } from './schema.ts';

/** A scope with what is there. */
export interface Place {
  /** As the scope says; null also where it names a domain or tenant that is nowhere. */
  readonly domainId: DomainId | null;
  readonly domainName: string | null;
  readonly tenantId: TenantId | null;
  /** Whether domain and tenant exist, belong together and are enabled. Always, for a scope that names neither. */
  readonly stands: boolean;
}

export interface DomainPlace {
  id: DomainId;
  name: string;
  enabled: number;
}

export interface TenantPlace {
  id: TenantId;
  domain_id: DomainId;
  enabled: number;
}

/** How the two kinds of row are found: by a statement each, or in a memory. */
export interface PlaceReader<Domain = DomainPlace | null, Tenant = TenantPlace | null> {
  readonly domain: (id: DomainId) => Domain;
  readonly domainNamed: (key: string) => Domain;
  readonly tenant: (id: TenantId) => Tenant;
}

export function placeQueries(
  queries: Kysely<Tables>,
): PlaceReader<
  SelectQueryBuilder<Tables, 'domains', DomainPlace>,
  SelectQueryBuilder<Tables, 'tenants', TenantPlace>
> {
  const domains = queries.selectFrom('domains').select(['id', 'name', 'enabled']);
  const tenants = queries.selectFrom('tenants').select(['id', 'domain_id', 'enabled']);
  return {
    domain: (id) => domains.where('id', '=', id),
    domainNamed: (key) => domains.where('name_key', '=', key),
    tenant: (id) => tenants.where('id', '=', id),
  };
}

export async function findPlace(db: Database, { domainId, tenantId }: Scope): Promise<Place> {
  const { tenant } = placeQueries(db.queries);
  const [domains, tenants] = await Promise.all([
    domainId === null ? [] : db.read(readDomain(db, { id: domainId })),
    tenantId === null ? [] : db.read(tenant(tenantId)),
  ]);
  return placeOf({ domainId, tenantId }, domains[0] ?? null, tenants[0] ?? null);
}

const readDomain = prepared((queries, { id }: { id: DomainId }) => placeQueries(queries).domain(id));

/** A domain by name, a tenant by id; a tenant alone takes the domain that it is part of. */
export async function findNamedPlace(db: Database, scope: NamedScope): Promise<Place> {
  const { domain, domainNamed, tenant } = placeQueries(db.queries);
  const tenants = scope.tenantId === null ? [] : await db.read(tenant(scope.tenantId as TenantId));
  const home = tenants[0]?.domain_id;
  const query = scope.domain === null ? home && domain(home) : domainNamed(nameKey(scope.domain));
  const domains = query === undefined ? [] : await db.read(query);
  return namedPlaceOf(scope, domains[0] ?? null, tenants[0] ?? null);
}

/** The place of a scope given by ids. */
export function placeOf(scope: Scope, domain: DomainPlace | null, tenant: TenantPlace | null): Place {
  const { domainId, tenantId } = scope;
  return { domainId, tenantId, domainName: domain?.name ?? null, stands: stands(scope, domain, tenant) };
}

/** The place of a scope given by names. */
export function namedPlaceOf(
  { domain: name, tenantId: id }: NamedScope,
  domain: DomainPlace | null,
  tenant: TenantPlace | null,
): Place {
  const scope = { domainId: domain?.id ?? null, tenantId: tenant?.id ?? null };
  const found = (name === null || domain !== null) && (id === null || tenant !== null);
  return {
    ...scope,
    domainName: domain?.name ?? null,
    stands: found && stands(scope, domain, tenant),
  };
}

function stands(
  { domainId, tenantId }: Scope,
  domain: DomainPlace | null,
  tenant: TenantPlace | null,
): boolean {
  if (domainId !== null && domain?.enabled !== 1) return false;
  return tenantId === null || (tenant?.enabled === 1 && tenant.domain_id === domainId);
}

/** A scope as one text; no two scopes share one, whatever callers write into them. */
export function scopeKey({ domain, tenantId }: NamedScope): string {
  return `${tenantId?.length ?? -1} ${tenantId} ${domain === null ? 0 : 1} ${domain}`;
}
