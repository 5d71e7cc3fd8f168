/** Domains as lists show them, and the end of one. @module */
import { sql } from 'kysely';
import type { DomainId, UserId } from '../domain/ids.ts';
import type { DomainProperty, Listing, ListQuery } from '../domain/listing.ts';
import type { Domain } from '../domain/tenancy.ts';
import type { Database, Write } from './database.ts';
import { domainOf } from './domains.ts';
import { type Keys, listRows } from './listing.ts';
import type { Tables } from './schema.ts';
import { changesAny, changesOne } from './write.ts';

/**
 * - `all`: also those that are disabled
 * - `enabled`: all that are
 * - `only`: this one
 * - `enterable`: enabled, and the user holds a role in it; global roles apart
 * - `touched`: enabled, and the user holds a role in it or in one of its tenants
 */
export type DomainsWanted =
  | { readonly kind: 'all' | 'enabled' }
  | { readonly kind: 'only'; readonly id: DomainId }
  | { readonly kind: 'enterable' | 'touched'; readonly userId: UserId };

const keys: Keys<DomainProperty> = { id: sql.ref('domains.id'), name: sql.ref('domains.name_key') };

export function listDomainsOf(
  db: Database,
  wanted: DomainsWanted,
  query: ListQuery<DomainProperty>,
): Listing<Domain> {
  return listRows(
    db,
    {
      keys,
      id: keys.id,
      usual: 'name',
      rows: domainsWanted(db, wanted),
      select: (rows) => rows.selectAll('domains'),
      toRow: domainOf,
    },
    query,
  );
}

function domainsWanted(db: Database, wanted: DomainsWanted) {
  const domains = db.queries.selectFrom('domains');
  switch (wanted.kind) {
    case 'all':
      return domains;
    case 'enabled':
      return domains.where('domains.enabled', '=', 1);
    case 'only':
      return domains.where('domains.id', '=', wanted.id);
    case 'enterable':
    case 'touched': {
      const places = db.queries.selectFrom('assignments').where('user_id', '=', wanted.userId);
      const counted = wanted.kind === 'touched' ? places : places.where('tenant_id', 'is', null);
      return domains
        .where('domains.enabled', '=', 1)
        .where(
          'domains.id',
          'in',
          counted.select('assignments.domain_id').where('assignments.domain_id', 'is not', null),
        );
    }
    default:
      return wanted satisfies never;
  }
}

/** Whether anything lives in the domain that would lose its place with it. */
export async function isDomainEmpty(db: Database, id: DomainId): Promise<boolean> {
  const first = (table: 'users' | 'tenants') =>
    db.read(
      db.queries
        .selectFrom(table as keyof Pick<Tables, 'users' | 'tenants'>)
        .select('id')
        .where('domain_id', '=', id)
        .limit(1),
    );
  const [users, tenants] = await Promise.all([first('users'), first('tenants')]);
  return users.length === 0 && tenants.length === 0;
}

/**
 * Removes an empty domain, its own roles and what is held in it.
 *
 * @throws {WriteConflict} on execution, when it is gone or no longer empty
 */
export function deleteDomain(db: Database, id: DomainId): Write[] {
  const own = db.queries.selectFrom('roles').select('id').where('domain_id', '=', id);
  return [
    changesAny(db.queries.deleteFrom('assignments').where('domain_id', '=', id)),
    changesAny(db.queries.deleteFrom('assignments').where('role_id', 'in', own)),
    changesAny(db.queries.deleteFrom('roles').where('domain_id', '=', id)),
    changesOne(db.queries.deleteFrom('domains').where('id', '=', id)),
  ];
}
