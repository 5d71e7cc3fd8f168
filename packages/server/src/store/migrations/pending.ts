/** Every migration, and which of them a database still lacks. @module */
import { DatabaseRefused } from '../database.ts';
import { firstTables } from './0001-first-tables.ts';
import { scopesAndFactors } from './0002-scopes-and-factors.ts';
import { revocationsAndApplications } from './0003-revocations-and-applications.ts';
import { apiTokens } from './0004-api-tokens.ts';
import type { Migration } from './migration.ts';

/** Oldest first. */
export const migrations: readonly Migration[] = [
  firstTables,
  scopesAndFactors,
  revocationsAndApplications,
  apiTokens,
];

/** Where a database remembers what was applied; made before the first migration, on both engines. */
export const createMigrationsTable =
  'create table if not exists migrations (name text not null primary key, applied_at_ms bigint not null)';

/**
 * The migrations that are still to be applied, oldest first.
 *
 * @throws {DatabaseRefused} when the database has one that this program does not know: it is newer
 */
export function pendingMigrations(applied: readonly string[]): Migration[] {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = applied.find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new DatabaseRefused(
      `The database was made by a newer Tessera: it has the migration ${unknown}, which this version does not know.`,
    );
  return migrations.filter(({ name }) => !applied.includes(name));
}
