/** What the list of users can be narrowed by. @module */
import type { Expression, ExpressionBuilder, SelectQueryBuilder, SqlBool } from 'kysely';
import type { DomainId } from '../domain/ids.ts';
import type { Database } from './database.ts';
import { holdsText } from './json.ts';
import { nameKey } from './name-key.ts';
import type { PageLimits } from './page.ts';
import type { Tables } from './schema.ts';

export type UserSortKey =
  | 'username'
  | 'name'
  | 'email'
  | 'created_at'
  | 'updated_at'
  | 'last_login'
  | 'logins_count';

/** Null and empty lists do not filter. Texts are compared whole, without regard to case. */
export interface UserFilter extends PageLimits {
  /** The domain the account lives in. */
  readonly domainId: DomainId | null;
  readonly name: string | null;
  readonly username: string | null;
  readonly email: string | null;
  /** Names of roles in `roleDomainId`: holds every one of them, there or everywhere. */
  readonly inAllRoles: readonly string[];
  readonly inNoRoles: readonly string[];
  readonly roleDomainId: DomainId;
  readonly accountExpired: boolean | null;
  /** Allows every one of these. */
  readonly allowedAuthMethods: readonly string[] | null;
  readonly allowedClientTypes: readonly string[] | null;
  readonly passwordPolicy: string | null;
  readonly sort: { readonly by: UserSortKey; readonly order: 'asc' | 'desc' };
  readonly nowMs: number;
}

/** The column behind each sort key. */
export const sortColumns: {
  readonly username: 'username_key';
  readonly name: 'name_key';
  readonly email: 'email_key';
  readonly created_at: 'created_at_ms';
  readonly updated_at: 'updated_at_ms';
  readonly last_login: 'last_login_at_ms';
  readonly logins_count: 'logins_count';
} = {
  username: 'username_key',
  name: 'name_key',
  email: 'email_key',
  created_at: 'created_at_ms',
  updated_at: 'updated_at_ms',
  last_login: 'last_login_at_ms',
  logins_count: 'logins_count',
};

export type UserQuery = SelectQueryBuilder<Tables, 'users', Record<never, never>>;

/** The users that pass the filter, in no order yet. */
export function usersMatching(db: Database, filter: UserFilter): UserQuery {
  const { domainId, username, name, email, passwordPolicy, accountExpired, roleDomainId } = filter;
  let query: UserQuery = db.queries.selectFrom('users');
  if (domainId !== null) query = query.where('domain_id', '=', domainId);
  if (username !== null) query = query.where('username_key', '=', nameKey(username));
  if (name !== null) query = query.where('name_key', '=', nameKey(name));
  if (email !== null) query = query.where('email_key', '=', nameKey(email));
  if (passwordPolicy !== null) query = query.where('password_policy', '=', passwordPolicy);
  if (accountExpired !== null) query = query.where((eb) => expiry(eb, accountExpired, filter.nowMs));
  for (const method of filter.allowedAuthMethods ?? [])
    query = query.where(holdsText<'users'>('users.allowed_auth_methods', method));
  for (const type of filter.allowedClientTypes ?? [])
    query = query.where(holdsText<'users'>('users.allowed_client_types', type));
  for (const role of filter.inAllRoles)
    query = query.where((eb) => eb('id', 'in', holdersOf(eb, role, roleDomainId)));
  for (const role of filter.inNoRoles)
    query = query.where((eb) => eb('id', 'not in', holdersOf(eb, role, roleDomainId)));
  return query;
}

function expiry(
  eb: ExpressionBuilder<Tables, 'users'>,
  expired: boolean,
  nowMs: number,
): Expression<SqlBool> {
  if (expired) return eb('expires_at_ms', '<=', nowMs);
  return eb.or([eb('expires_at_ms', 'is', null), eb('expires_at_ms', '>', nowMs)]);
}

function holdersOf(eb: ExpressionBuilder<Tables, 'users'>, role: string, domainId: DomainId) {
  return eb
    .selectFrom('roles')
    .innerJoin('assignments', 'assignments.role_id', 'roles.id')
    .where('roles.name', '=', role)
    .where((r) => r.or([r('roles.domain_id', 'is', null), r('roles.domain_id', '=', domainId)]))
    .where('assignments.tenant_id', 'is', null)
    .where((a) => a.or([a('assignments.domain_id', 'is', null), a('assignments.domain_id', '=', domainId)]))
    .select('assignments.user_id');
}
