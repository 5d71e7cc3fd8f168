/** Who holds which role where, in the database. @module */
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { DomainId, RoleId, TenantId, UserId } from '../domain/ids.ts';
import type { Assignment, Domain, HeldRole, Scope } from '../domain/tenancy.ts';
import type { Database, Write } from './database.ts';
import { domainOf, mayBeEntered } from './domains.ts';
import type { Tables } from './schema.ts';
import { changesAny, changesOne } from './write.ts';

/** Assigning what is assigned already changes nothing. */
export function assign(db: Database, assignment: Assignment): Write {
  const row = {
    user_id: assignment.userId,
    role_id: assignment.roleId,
    domain_id: assignment.domainId,
    tenant_id: assignment.tenantId,
  };
  return changesAny(
    db.queries
      .insertInto('assignments')
      .values(row)
      .onConflict((conflict) => conflict.doNothing()),
  );
}

/** Unassigning what is not assigned changes nothing. */
export function unassign(db: Database, assignment: Assignment): Write {
  return changesAny(deletion(db, assignment));
}

/**
 * Unassigns, unless nobody else would hold the role there.
 *
 * @throws {WriteConflict} on execution, when this is the last one, or is not assigned
 */
export function unassignButNotLast(db: Database, assignment: Assignment): Write[] {
  return [...keepAnotherHolder(db, assignment), changesOne(deletion(db, assignment))];
}

/**
 * Makes a write fail unless another user holds the role, in the same domain or everywhere.
 *
 * Locks the role's row first, so that of two who go at once the second sees what the first has done.
 *
 * @throws {WriteConflict} on execution, when nobody else does
 */
export function keepAnotherHolder(
  db: Database,
  { userId, roleId, domainId }: { userId: UserId; roleId: RoleId; domainId: DomainId | null },
): Write[] {
  const touch = db.queries
    .updateTable('roles')
    .set((eb) => ({ updated_at_ms: eb.ref('updated_at_ms') }))
    .where('roles.id', '=', roleId);
  const another = touch.where((eb) =>
    eb.exists(
      eb
        .selectFrom('assignments')
        .select('user_id')
        .where('role_id', '=', roleId)
        .where('user_id', '<>', userId)
        .where('tenant_id', 'is', null)
        .where((a) =>
          a.or([
            a('assignments.domain_id', 'is', null),
            ...(domainId === null ? [] : [a('assignments.domain_id', '=', domainId)]),
          ]),
        ),
    ),
  );
  return [changesOne(touch), changesOne(another)];
}

/** Who holds the role in the domain or everywhere. */
export async function holdersOf(
  db: Database,
  { role, domainId }: { role: string; domainId: DomainId },
): Promise<UserId[]> {
  const query = db.queries
    .selectFrom('roles')
    .innerJoin('assignments', 'assignments.role_id', 'roles.id')
    .where('roles.name', '=', role)
    .where('roles.domain_id', 'is', null)
    .where('assignments.tenant_id', 'is', null)
    .where((eb) =>
      eb.or([eb('assignments.domain_id', 'is', null), eb('assignments.domain_id', '=', domainId)]),
    )
    .select('assignments.user_id')
    .distinct();
  return (await db.read(query)).map(({ user_id: id }) => id);
}

/** Whether the user holds a role of the tenant itself. */
export async function holdsAnythingIn(db: Database, userId: UserId, tenantId: TenantId): Promise<boolean> {
  const query = db.queries.selectFrom('assignments').select('role_id').where('tenant_id', '=', tenantId);
  return (await db.read(query.where('user_id', '=', userId).limit(1))).length > 0;
}

/** Every role that the user holds anywhere: those held everywhere first, then by domain and tenant. */
export async function heldRoles(db: Database, userId: UserId): Promise<HeldRole[]> {
  const query = db.queries
    .selectFrom('assignments')
    .innerJoin('roles', 'roles.id', 'assignments.role_id')
    .leftJoin('domains', 'domains.id', 'assignments.domain_id')
    .where('assignments.user_id', '=', userId)
    .select([
      'roles.name as role',
      'assignments.domain_id',
      'assignments.tenant_id',
      'domains.name as domain_name',
    ]);
  const rows = await db.read(query);
  const held = rows.map((row) => ({
    role: row.role,
    domainId: row.domain_id,
    domainName: row.domain_name,
    tenantId: row.tenant_id,
  }));
  return held.sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
}

/** NUL comes before all that a name can hold. */
function orderOf({ domainName, tenantId, role }: HeldRole): string {
  return [domainName ?? '', tenantId ?? '', role].join('\0');
}

/** Names of the roles that count in the scope: global, of the domain, of the tenant; sorted, no duplicates. */
export async function rolesOf(db: Database, userId: UserId, scope: Scope): Promise<string[]> {
  const roles = await rolesOfMany(db, [userId], scope);
  return roles.get(userId) ?? [];
}

/** {@link rolesOf} for several users; who has none is there with an empty list. */
export async function rolesOfMany(
  db: Database,
  userIds: readonly UserId[],
  scope: Scope,
): Promise<Map<UserId, string[]>> {
  const names = new Map<UserId, string[]>(userIds.map((id) => [id, []]));
  if (userIds.length === 0) return names;
  const query = db.queries
    .selectFrom('assignments')
    .innerJoin('roles', 'roles.id', 'assignments.role_id')
    .select(['assignments.user_id', 'roles.name'])
    .distinct()
    .where('assignments.user_id', 'in', userIds)
    .where((eb) => countsIn(eb, scope));
  for (const row of await db.read(query)) names.get(row.user_id)?.push(row.name);
  // Sorted here, not by the database: both engines then agree whatever their collation.
  for (const list of names.values()) list.sort();
  return names;
}

/** Whether an assignment counts in the scope. The statement's text is the same for every scope. */
function countsIn(eb: ExpressionBuilder<Tables, 'assignments'>, scope: Scope): Expression<SqlBool> {
  return eb.or([
    eb('assignments.domain_id', 'is', null),
    eb.and([
      eb('assignments.domain_id', '=', scope.domainId),
      eb.or([eb('assignments.tenant_id', 'is', null), eb('assignments.tenant_id', '=', scope.tenantId)]),
    ]),
  ]);
}

/** The domains that the user may have a token for, by name. */
export async function domainsOf(db: Database, userId: UserId): Promise<Domain[]> {
  const query = db.queries.selectFrom('domains').selectAll().orderBy('name_key');
  const rows = await db.read(query.where((eb) => mayBeEntered(eb, userId)));
  return rows.map(domainOf);
}

function deletion(db: Database, { userId, roleId, domainId, tenantId }: Assignment) {
  return db.queries
    .deleteFrom('assignments')
    .where('user_id', '=', userId)
    .where('role_id', '=', roleId)
    .where('domain_id', domainId === null ? 'is' : '=', domainId)
    .where('tenant_id', tenantId === null ? 'is' : '=', tenantId);
}
