/** The roles known in a domain, as lists show them. @module */
import { sql } from 'kysely';
import type { DomainId } from '../domain/ids.ts';
import type { Listing } from '../domain/listing.ts';
import type { Role } from '../domain/tenancy.ts';
import type { Database } from './database.ts';
import { type Keys, listRows } from './listing.ts';
import { roleOf, visibleIn } from './roles.ts';

const keys: Keys<'name'> = { name: sql.ref('roles.name') };

/** Its own and those known everywhere, by name; for no domain the latter alone. */
export function listRolesOf(db: Database, domainId: DomainId | null): Listing<Role> {
  return listRows(
    db,
    {
      keys,
      id: sql.ref('roles.id'),
      usual: 'name',
      rows: db.queries.selectFrom('roles').where((eb) => visibleIn(eb, domainId)),
      select: (rows) => rows.selectAll('roles'),
      toRow: roleOf,
    },
    { matches: [], sort: null },
  );
}
