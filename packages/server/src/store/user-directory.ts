/** The users of a place, as lists of this kind show them. @module */
import { sql } from 'kysely';
import type { Listing, ListQuery, UserProperty } from '../domain/listing.ts';
import type { Scope } from '../domain/tenancy.ts';
import type { User } from '../domain/user.ts';
import type { Database } from './database.ts';
import { type Keys, listRows } from './listing.ts';
import { userOf } from './user-row.ts';

export interface NamedUser {
  readonly user: User;
  readonly domainName: string;
}

const keys: Keys<UserProperty> = {
  id: sql.ref('users.id'),
  username: sql.ref('users.username_key'),
  name: sql`coalesce(${sql.ref('users.name_key')}, '')`,
  orgName: sql`coalesce(${sql.ref('users.org_name_key')}, '')`,
};

/** For no domain: all; for a domain: those at home there; for a tenant: those with an assignment on it. */
export function listUsersOf(
  db: Database,
  { domainId, tenantId }: Scope,
  query: ListQuery<UserProperty>,
): Listing<NamedUser> {
  const all = db.queries.selectFrom('users').innerJoin('domains', 'domains.id', 'users.domain_id');
  const inDomain = domainId === null ? all : all.where('users.domain_id', '=', domainId);
  const inTenant = all.where('users.id', 'in', (eb) =>
    eb.selectFrom('assignments').select('user_id').where('assignments.tenant_id', '=', tenantId),
  );
  return listRows(
    db,
    {
      keys,
      id: keys.id,
      usual: 'username',
      rows: tenantId === null ? inDomain : inTenant,
      select: (rows) => rows.selectAll('users').select('domains.name as domain_name'),
      toRow: ({ domain_name: domainName, ...row }) => ({ user: userOf(row), domainName }),
    },
    query,
  );
}
