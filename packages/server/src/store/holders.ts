/**
 * What a user is and holds in a scope at this moment: the user's facts and the scope's place are read apart, and put
 * together here.
 * @module
 */
import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { Holder } from '../domain/holder.ts';
import type { DomainId, TenantId, UserId } from '../domain/ids.ts';
import type { NamedScope, Scope } from '../domain/tenancy.ts';
import type { AuthMethod } from '../domain/user.ts';
import type { Database } from './database.ts';
import { textsOf } from './json.ts';
import { findNamedPlace, findPlace, type Place } from './places.ts';
import { prepared } from './prepared.ts';
import type { Tables } from './schema.ts';

/** A user as holders need them, with every role they hold anywhere. */
export interface HolderFacts {
  readonly userId: UserId;
  readonly username: string;
  readonly connection: string;
  readonly name: string | null;
  readonly homeDomainId: DomainId;
  readonly homeDomainName: string;
  readonly homeDomainEnabled: boolean;
  readonly enabled: boolean;
  readonly allowedAuthMethods: readonly AuthMethod[];
  readonly expiresAtMs: number | null;
  /** Names of roles by where they are held; see {@link assignmentKey}. */
  readonly roles: ReadonlyMap<string, readonly string[]>;
}

/** What {@link Database.findHolder} gives, for an engine that keeps none of it in memory. */
export async function readHolder(
  db: Database,
  userId: UserId,
  scope: Scope | NamedScope,
): Promise<Holder | null> {
  const [place, rows] = await Promise.all([
    'domain' in scope ? findNamedPlace(db, scope) : findPlace(db, scope),
    db.read(readFacts(db, { userId })),
  ]);
  const facts = factsOf(userId, rows);
  return facts === null ? null : holderAt(facts, place);
}

export interface UserFactsRow {
  username: string;
  connection: string;
  name: string | null;
  home_domain_id: DomainId;
  home_domain_name: string;
  home_domain_enabled: number;
  enabled: number;
  allowed_auth_methods: string;
  expires_at_ms: number | null;
}

export interface FactsRow extends UserFactsRow {
  role: string | null;
  role_domain_id: DomainId | null;
  role_tenant_id: TenantId | null;
}

/** One row for each role held anywhere, or one without; all else is the same in all. The text is the same for every user. */
export function factsQuery(
  queries: Kysely<Tables>,
  userId: UserId,
): SelectQueryBuilder<Tables, 'users', FactsRow> {
  return queries
    .selectFrom('users')
    .innerJoin('domains', 'domains.id', 'users.domain_id')
    .leftJoin('assignments', 'assignments.user_id', 'users.id')
    .leftJoin('roles', 'roles.id', 'assignments.role_id')
    .where('users.id', '=', userId)
    .select([
      'users.username',
      'users.connection',
      'users.name',
      'users.domain_id as home_domain_id',
      'domains.name as home_domain_name',
      'domains.enabled as home_domain_enabled',
      'users.enabled',
      'users.allowed_auth_methods',
      'users.expires_at_ms',
      'roles.name as role',
      'assignments.domain_id as role_domain_id',
      'assignments.tenant_id as role_tenant_id',
    ]) as unknown as SelectQueryBuilder<Tables, 'users', FactsRow>;
}

const readFacts = prepared((queries, { userId }: { userId: UserId }) => factsQuery(queries, userId));

/** The facts that the rows of {@link factsQuery} say; null when there are none. */
export function factsOf(userId: UserId, rows: readonly FactsRow[]): HolderFacts | null {
  const [row] = rows;
  if (row === undefined) return null;
  const roles = new Map<string, string[]>();
  for (const { role, role_domain_id: domainId, role_tenant_id: tenantId } of rows) {
    if (role === null) continue;
    const key = assignmentKey({ domainId, tenantId });
    const held = roles.get(key);
    if (held === undefined) roles.set(key, [role]);
    else held.push(role);
  }
  return { ...userFactsOf(userId, row), roles };
}

/** A user's facts apart from their roles. */
export function userFactsOf(userId: UserId, row: UserFactsRow): Omit<HolderFacts, 'roles'> {
  return {
    userId,
    username: row.username,
    connection: row.connection,
    name: row.name,
    homeDomainId: row.home_domain_id,
    homeDomainName: row.home_domain_name,
    homeDomainEnabled: row.home_domain_enabled === 1,
    enabled: row.enabled === 1,
    allowedAuthMethods: textsOf<AuthMethod>(row.allowed_auth_methods),
    expiresAtMs: row.expires_at_ms,
  };
}

/** Where a role is held, as a text. */
function assignmentKey({ domainId, tenantId }: Scope): string {
  return `${domainId ?? ''}/${tenantId ?? ''}`;
}

const everywhere = assignmentKey({ domainId: null, tenantId: null });

/** The user in a place, with the roles that count there: global, of the domain, of the tenant. */
export function holderAt({ roles: held, ...facts }: HolderFacts, place: Place): Holder {
  const { domainId, tenantId } = place;
  const roles = [...(held.get(everywhere) ?? [])];
  if (domainId !== null) roles.push(...(held.get(assignmentKey({ domainId, tenantId: null })) ?? []));
  if (tenantId !== null) roles.push(...(held.get(assignmentKey({ domainId, tenantId })) ?? []));
  return holderWith(facts, place, roles);
}

/** @param roles that count in the place, in any order, also more than once */
export function holderWith(
  facts: Omit<HolderFacts, 'roles'>,
  { domainId, domainName, tenantId, stands }: Place,
  roles: readonly string[],
): Holder {
  return {
    ...facts,
    domainId,
    domainName,
    domainEnabled: stands,
    tenantId,
    roles: [...new Set(roles)].sort(),
  };
}
