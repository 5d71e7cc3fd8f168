/** Domains in the database. @module */
import type { Expression, ExpressionBuilder, Insertable, Selectable, SqlBool } from 'kysely';
import { type DomainId, isUuid, type UserId } from '../domain/ids.ts';
import type { Domain } from '../domain/tenancy.ts';
import type { Database, Write } from './database.ts';
import { nameKey } from './name-key.ts';
import { type Page, type PageLimits, readPage } from './page.ts';
import { prepared } from './prepared.ts';
import type { DomainsTable, Tables } from './schema.ts';
import { changesOne } from './write.ts';

/** The domain of this id, or of this name without regard to case. What looks like an id is one. */
export async function findDomain(db: Database, nameOrId: string): Promise<Domain | null> {
  const key = nameKey(nameOrId);
  const [row] = await db.read(isUuid(key) ? byId(db, { id: key as DomainId }) : byName(db, { key }));
  return row === undefined ? null : domainOf(row);
}

const byId = prepared((queries, { id }: { id: DomainId }) =>
  queries.selectFrom('domains').selectAll().where('id', '=', id),
);

const byName = prepared((queries, { key }: { key: string }) =>
  queries.selectFrom('domains').selectAll().where('name_key', '=', key),
);

/** The domain of this name, without regard to case. */
export async function findDomainByName(db: Database, name: string): Promise<Domain | null> {
  const [row] = await db.read(byName(db, { key: nameKey(name) }));
  return row === undefined ? null : domainOf(row);
}

export interface DomainFilter extends PageLimits {
  /** Only domains that this user may have a token for; null: all. */
  readonly userId: UserId | null;
}

/** Domains by name. */
export function listDomains(db: Database, filter: DomainFilter): Promise<Page<Domain>> {
  const { userId } = filter;
  let query = db.queries.selectFrom('domains');
  if (userId !== null) query = query.where((eb) => mayBeEntered(eb, userId));
  return readPage(
    db,
    query.selectAll().orderBy('name_key').offset(filter.skip).limit(filter.limit),
    query.select((eb) => eb.fn.countAll<number>().as('total')),
    domainOf,
  );
}

/** Enabled, and the user's home or a place where they hold a role; a role held everywhere opens all. */
export function mayBeEntered(eb: ExpressionBuilder<Tables, 'domains'>, userId: UserId): Expression<SqlBool> {
  const home = eb.selectFrom('users').select('domain_id').where('users.id', '=', userId);
  const held = eb
    .selectFrom('assignments')
    .select('role_id')
    .where('user_id', '=', userId)
    .where('tenant_id', 'is', null)
    .where((a) =>
      a.or([a('assignments.domain_id', 'is', null), a('assignments.domain_id', '=', a.ref('domains.id'))]),
    );
  return eb.and([eb('enabled', '=', 1), eb.or([eb('id', 'in', home), eb.exists(held)])]);
}

/** @throws {DuplicateRow} on execution, when the name is taken */
export function insertDomain(db: Database, domain: Domain): Write {
  return changesOne(db.queries.insertInto('domains').values(rowOf(domain)));
}

export function updateDomain(db: Database, domain: Domain): Write {
  const { id, ...columns } = rowOf(domain);
  return changesOne(db.queries.updateTable('domains').set(columns).where('id', '=', id));
}

/** The domain as read. */
export function domainOf(row: Selectable<DomainsTable>): Domain {
  return {
    id: row.id,
    name: row.name,
    enabled: row.enabled === 1,
    allowUserManagement: row.allow_user_management === 1,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

function rowOf(domain: Domain): Insertable<DomainsTable> {
  return {
    id: domain.id,
    name: domain.name,
    name_key: nameKey(domain.name),
    enabled: domain.enabled ? 1 : 0,
    allow_user_management: domain.allowUserManagement ? 1 : 0,
    created_at_ms: domain.createdAtMs,
    updated_at_ms: domain.updatedAtMs,
  };
}
