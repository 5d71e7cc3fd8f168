/** Password policies in the database. @module */
import type { Insertable, Selectable } from 'kysely';
import { globalPolicyName, type PasswordPolicy } from '../domain/password-policy.ts';
import type { Database, Write } from './database.ts';
import { type Page, type PageLimits, readPage } from './page.ts';
import { prepared } from './prepared.ts';
import type { PasswordPoliciesTable } from './schema.ts';
import { changesOne } from './write.ts';

/** The policy of this name; null means the global one. */
export async function findPolicy(db: Database, name: string | null): Promise<PasswordPolicy | null> {
  const [row] = await db.read(byName(db, { name: name ?? globalPolicyName }));
  return row === undefined ? null : policyOf(row);
}

const byName = prepared((queries, { name }: { name: string }) =>
  queries.selectFrom('password_policies').selectAll().where('name', '=', name),
);

/** Policies by name. */
export function listPolicies(db: Database, { skip, limit }: PageLimits): Promise<Page<PasswordPolicy>> {
  const query = db.queries.selectFrom('password_policies');
  return readPage(
    db,
    query.selectAll().orderBy('name').offset(skip).limit(limit),
    query.select((eb) => eb.fn.countAll<number>().as('total')),
    policyOf,
  );
}

/** @throws {DuplicateRow} on execution, when the name is taken */
export function insertPolicy(db: Database, policy: PasswordPolicy): Write {
  return changesOne(db.queries.insertInto('password_policies').values(rowOf(policy)));
}

export function updatePolicy(db: Database, policy: PasswordPolicy): Write {
  const { name, ...columns } = rowOf(policy);
  return changesOne(db.queries.updateTable('password_policies').set(columns).where('name', '=', name));
}

export function deletePolicy(db: Database, name: string): Write {
  return changesOne(db.queries.deleteFrom('password_policies').where('name', '=', name));
}

type Rules = Omit<PasswordPolicy, 'name' | 'createdAtMs' | 'updatedAtMs'>;

/** The policy as read. */
export function policyOf(row: Selectable<PasswordPoliciesTable>): PasswordPolicy {
  const rules = JSON.parse(row.rules) as Rules;
  return { name: row.name, ...rules, createdAtMs: row.created_at_ms, updatedAtMs: row.updated_at_ms };
}

function rowOf(policy: PasswordPolicy): Insertable<PasswordPoliciesTable> {
  const { name, createdAtMs, updatedAtMs, ...rules } = policy;
  return { name, rules: JSON.stringify(rules), created_at_ms: createdAtMs, updated_at_ms: updatedAtMs };
}
