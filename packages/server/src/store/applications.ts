/** Applications in the database. @module */
import type { Insertable, Selectable } from 'kysely';
import type { Application } from '../domain/application.ts';
import { type ApplicationId, isUuid } from '../domain/ids.ts';
import type { Database, Write } from './database.ts';
import { nameKey } from './name-key.ts';
import type { ApplicationsTable } from './schema.ts';
import { changesAny, changesOne } from './write.ts';

/** The application of this id, or of this name without regard to case. What looks like an id is one. */
export async function findApplication(db: Database, nameOrId: string): Promise<Application | null> {
  const key = nameKey(nameOrId);
  const query = db.queries.selectFrom('applications').selectAll();
  const [row] = await db.read(
    isUuid(key) ? query.where('id', '=', key as ApplicationId) : query.where('name_key', '=', key),
  );
  return row === undefined ? null : applicationOf(row);
}

/** In the order of their names, those after one. */
export async function listApplications(
  db: Database,
  { after, limit }: { after: string; limit: number },
): Promise<Application[]> {
  const query = db.queries
    .selectFrom('applications')
    .selectAll()
    .where('name_key', '>', nameKey(after))
    .orderBy('name_key')
    .limit(limit);
  return (await db.read(query)).map(applicationOf);
}

/** @throws {DuplicateRow} on execution, when the name is taken */
export function insertApplication(db: Database, application: Application): Write {
  return changesOne(db.queries.insertInto('applications').values(rowOf(application)));
}

/** @throws {WriteConflict} on execution, when somebody was faster */
export function updateApplication(db: Database, application: Application): Write {
  const { id, version, ...columns } = rowOf(application);
  return changesOne(
    db.queries
      .updateTable('applications')
      .set((eb) => ({ ...columns, version: eb('version', '+', 1) }))
      .where('id', '=', id)
      .where('version', '=', version),
  );
}

/** With all that was granted and denied for it. @throws {WriteConflict} on execution, when it is gone */
export function deleteApplication(db: Database, id: ApplicationId): Write[] {
  return [
    changesAny(db.queries.deleteFrom('granted_tokens').where('application_id', '=', id)),
    changesAny(db.queries.deleteFrom('denied_tokens').where('application_id', '=', id)),
    changesOne(db.queries.deleteFrom('applications').where('id', '=', id)),
  ];
}

function applicationOf(row: Selectable<ApplicationsTable>): Application {
  return {
    id: row.id,
    version: row.version,
    name: row.name,
    issuer: row.issuer,
    audience: row.audience,
    sealedSigningKey: row.sealed_signing_key,
    keyNumber: row.key_number,
    credentialHash: row.credential_hash,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

function rowOf(application: Application): Insertable<ApplicationsTable> {
  return {
    id: application.id,
    version: application.version,
    name: application.name,
    name_key: nameKey(application.name),
    issuer: application.issuer,
    audience: application.audience,
    sealed_signing_key: application.sealedSigningKey,
    key_number: application.keyNumber,
    credential_hash: application.credentialHash,
    created_at_ms: application.createdAtMs,
    updated_at_ms: application.updatedAtMs,
  };
}
