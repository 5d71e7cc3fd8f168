/** Roles in the database. @module */
import type { Expression, ExpressionBuilder, Insertable, Selectable, SqlBool } from 'kysely';
import type { DomainId, RoleId, UserId } from '../domain/ids.ts';
import type { JsonObject, Role } from '../domain/tenancy.ts';
import type { Database, Write } from './database.ts';
import { type Page, type PageLimits, readPage } from './page.ts';
import type { RolesTable, Tables } from './schema.ts';
import { changesAny, changesOne } from './write.ts';

/** The role that this name means in the domain: its own, or one known everywhere. For no domain: the latter alone. */
export async function findRole(
  db: Database,
  { domainId, name }: { domainId: DomainId | null; name: string },
): Promise<Role | null> {
  const query = db.queries.selectFrom('roles').selectAll().where('name', '=', name);
  const [row] = await db.read(query.where((eb) => visibleIn(eb, domainId)));
  return row === undefined ? null : roleOf(row);
}

export interface RoleFilter extends PageLimits {
  readonly domainId: DomainId;
  readonly name: string | null;
  /** Roles of these names are left out. */
  readonly except: readonly string[];
  /** Only roles that this user holds in the domain (or everywhere); null: all. */
  readonly userId: UserId | null;
}

export interface RoleWithCount extends Role {
  /** Users who hold it in the domain or everywhere. */
  readonly usersCount: number;
}

/** Roles visible in a domain, by name. */
export function listRoles(db: Database, filter: RoleFilter): Promise<Page<RoleWithCount>> {
  const { domainId, name, except, userId } = filter;
  let query = db.queries.selectFrom('roles').where((eb) => visibleIn(eb, domainId));
  if (name !== null) query = query.where('name', '=', name);
  if (except.length > 0) query = query.where('name', 'not in', except);
  if (userId !== null)
    query = query.where((eb) =>
      eb('id', 'in', holdings(eb, domainId).where('user_id', '=', userId).select('role_id')),
    );
  return readPage(
    db,
    query
      .selectAll()
      .select((eb) =>
        holdings(eb, domainId)
          .whereRef('role_id', '=', 'roles.id')
          .select((c) => c.fn.count<number>('user_id').distinct().as('users'))
          .as('users_count'),
      )
      .orderBy('name')
      .orderBy('id')
      .offset(filter.skip)
      .limit(filter.limit),
    query.select((eb) => eb.fn.countAll<number>().as('total')),
    (row) => ({ ...roleOf(row), usersCount: row.users_count ?? 0 }),
  );
}

/** How many users hold the role in the domain or everywhere. */
export async function countHolders(db: Database, roleId: RoleId, domainId: DomainId): Promise<number> {
  const query = db.queries
    .selectFrom('assignments')
    .where('role_id', '=', roleId)
    .where('tenant_id', 'is', null)
    .where((eb) => eb.or([eb('domain_id', 'is', null), eb('domain_id', '=', domainId)]))
    .select((eb) => eb.fn.count<number>('user_id').distinct().as('total'));
  const [row] = await db.read(query);
  return row?.total ?? 0;
}

/** @throws {DuplicateRow} on execution, when the name is taken */
export function insertRole(db: Database, role: Role): Write {
  return changesOne(db.queries.insertInto('roles').values(rowOf(role)));
}

export function updateRole(db: Database, role: Role): Write {
  const { id, ...columns } = rowOf(role);
  return changesOne(db.queries.updateTable('roles').set(columns).where('id', '=', id));
}

/** Removes a role from everybody who holds it, and the role. */
export function deleteRole(db: Database, id: RoleId): Write[] {
  return [
    changesAny(db.queries.deleteFrom('assignments').where('role_id', '=', id)),
    changesOne(db.queries.deleteFrom('roles').where('id', '=', id)),
  ];
}

/** The domain's own roles, and those known everywhere. */
export function visibleIn(
  eb: ExpressionBuilder<Tables, 'roles'>,
  domainId: DomainId | null,
): Expression<SqlBool> {
  if (domainId === null) return eb('roles.domain_id', 'is', null);
  return eb.or([eb('roles.domain_id', '=', domainId), eb('roles.domain_id', 'is', null)]);
}

function holdings(eb: ExpressionBuilder<Tables, 'roles'>, domainId: DomainId) {
  return eb
    .selectFrom('assignments')
    .where('assignments.tenant_id', 'is', null)
    .where((a) => a.or([a('assignments.domain_id', 'is', null), a('assignments.domain_id', '=', domainId)]));
}

/** The role as read. */
export function roleOf(row: Selectable<RolesTable>): Role {
  return {
    id: row.id,
    domainId: row.domain_id,
    name: row.name,
    description: row.description,
    origin: row.origin,
    appMetadata: JSON.parse(row.app_metadata) as JsonObject,
    userMetadata: JSON.parse(row.user_metadata) as JsonObject,
    clientMetadata: JSON.parse(row.client_metadata) as JsonObject,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

function rowOf(role: Role): Insertable<RolesTable> {
  return {
    id: role.id,
    domain_id: role.domainId,
    name: role.name,
    description: role.description,
    origin: role.origin,
    app_metadata: JSON.stringify(role.appMetadata),
    user_metadata: JSON.stringify(role.userMetadata),
    client_metadata: JSON.stringify(role.clientMetadata),
    created_at_ms: role.createdAtMs,
    updated_at_ms: role.updatedAtMs,
  };
}
