/** What a user is and holds in a scope at this moment. @module */
import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { Holder } from '../domain/holder.ts';
import type { DomainId, UserId } from '../domain/ids.ts';
import type { Scope } from '../domain/tenancy.ts';
import type { AuthMethod } from '../domain/user.ts';
import { countsIn } from './assignments.ts';
import type { Database } from './database.ts';
import { textsOf } from './json.ts';
import type { Tables } from './schema.ts';

/** Null when there is no such user. */
export async function findHolder(db: Database, userId: UserId, scope: Scope): Promise<Holder | null> {
  return holderOfRows(userId, scope, await db.read(holderQuery(db.queries, userId, scope)));
}

/** Of the user and of the scope's domain and tenant. */
export interface HolderColumns {
  username: string;
  connection: string;
  home_domain_id: DomainId;
  enabled: number;
  allowed_auth_methods: string;
  expires_at_ms: number | null;
  domain_name: string | null;
  domain_enabled: number | null;
  tenant_enabled: number | null;
}

/** One row for each role, or one without; all else is the same in all. */
export interface HolderRow extends HolderColumns {
  role: string | null;
}

/** The statement's text is the same for every user and scope. */
export function holderQuery(
  queries: Kysely<Tables>,
  userId: UserId,
  scope: Scope,
): SelectQueryBuilder<Tables, 'users', HolderRow> {
  return queries
    .selectFrom('users')
    .leftJoin('domains', (join) => join.on('domains.id', '=', scope.domainId))
    .leftJoin('tenants', (join) =>
      join.on('tenants.id', '=', scope.tenantId).onRef('tenants.domain_id', '=', 'domains.id'),
    )
    .leftJoin('assignments', (join) =>
      join.onRef('assignments.user_id', '=', 'users.id').on((eb) => countsIn(eb, scope)),
    )
    .leftJoin('roles', 'roles.id', 'assignments.role_id')
    .where('users.id', '=', userId)
    .select([
      'users.username',
      'users.connection',
      'users.domain_id as home_domain_id',
      'users.enabled',
      'users.allowed_auth_methods',
      'users.expires_at_ms',
      'domains.name as domain_name',
      'domains.enabled as domain_enabled',
      'tenants.enabled as tenant_enabled',
      'roles.name as role',
    ]) as unknown as SelectQueryBuilder<Tables, 'users', HolderRow>;
}

/** The holder that the rows of {@link holderQuery} say; null when there are none. */
export function holderOfRows(userId: UserId, scope: Scope, rows: readonly HolderRow[]): Holder | null {
  const [row] = rows;
  if (row === undefined) return null;
  const roles = rows.flatMap(({ role }) => role ?? []);
  return holderOf(userId, scope, row, roles);
}

/**
 * A scope whose domain or tenant is disabled or gone opens nothing, as if the domain were disabled.
 *
 * @param roles names in any order, also more than once
 */
export function holderOf(
  userId: UserId,
  scope: Scope,
  columns: HolderColumns,
  roles: readonly string[],
): Holder {
  const domainStands = scope.domainId === null || columns.domain_enabled === 1;
  const tenantStands = scope.tenantId === null || columns.tenant_enabled === 1;
  return {
    userId,
    username: columns.username,
    connection: columns.connection,
    homeDomainId: columns.home_domain_id,
    enabled: columns.enabled === 1,
    allowedAuthMethods: textsOf<AuthMethod>(columns.allowed_auth_methods),
    expiresAtMs: columns.expires_at_ms,
    domainId: scope.domainId,
    domainName: columns.domain_name,
    domainEnabled: domainStands && tenantStands,
    tenantId: scope.tenantId,
    roles: [...new Set(roles)].sort(),
  };
}
