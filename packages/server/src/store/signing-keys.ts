/** Signing keys in the database; read them by {@link Database.configuration}. @module */
import type { Insertable, Selectable } from 'kysely';
import type { SigningKeyRecord } from '../domain/signing-key.ts';
import type { JsonObject } from '../domain/tenancy.ts';
import { raiseConfigurationVersion } from './configuration.ts';
import type { Database, Write } from './database.ts';
import type { SigningKeysTable } from './schema.ts';
import { changesAny, changesOne } from './write.ts';

export function insertSigningKey(db: Database, record: SigningKeyRecord): Write[] {
  return [
    changesOne(db.queries.insertInto('signing_keys').values(rowOf(record))),
    raiseConfigurationVersion(db),
  ];
}

/**
 * Says from when a key signs no more, and from when it verifies no more.
 *
 * @throws {WriteConflict} on execution, when the key is retired already or gone
 */
export function retireSigningKey(
  db: Database,
  kid: string,
  retiredAtMs: number,
  removedAtMs: number,
): Write[] {
  const update = db.queries
    .updateTable('signing_keys')
    .set({ retired_at_ms: retiredAtMs, removed_at_ms: removedAtMs })
    .where('kid', '=', kid)
    .where('retired_at_ms', 'is', null);
  return [changesOne(update), raiseConfigurationVersion(db)];
}

/**
 * Lets a key that is published sign from an earlier instant.
 *
 * @throws {WriteConflict} on execution, when the key is gone
 */
export function bringForward(db: Database, kid: string, signsFromMs: number): Write[] {
  const update = db.queries.updateTable('signing_keys').set({ signs_from_ms: signsFromMs });
  return [changesOne(update.where('kid', '=', kid)), raiseConfigurationVersion(db)];
}

/** Lets a retired key verify for longer. */
export function postponeRemoval(db: Database, kid: string, removedAtMs: number): Write[] {
  const update = db.queries.updateTable('signing_keys').set({ removed_at_ms: removedAtMs });
  return [changesAny(update.where('kid', '=', kid)), raiseConfigurationVersion(db)];
}

/**
 * Forgets a key at once: no token it signed is accepted any more.
 *
 * @throws {WriteConflict} on execution, when the key is gone
 */
export function deleteSigningKey(db: Database, kid: string): Write[] {
  return [
    changesOne(db.queries.deleteFrom('signing_keys').where('kid', '=', kid)),
    raiseConfigurationVersion(db),
  ];
}

/** Keeps a key that verifies no more, for tokens that are renewed. */
export function keepForRenewals(db: Database, kid: string, keptUntilMs: number): Write[] {
  const update = db.queries.updateTable('signing_keys').set({ kept_until_ms: keptUntilMs });
  return [changesAny(update.where('kid', '=', kid)), raiseConfigurationVersion(db)];
}

/** Forgets keys that verify no more since before the instant given, unless they are kept for longer. */
export function deleteSigningKeys(db: Database, beforeMs: number): Write[] {
  const query = db.queries
    .deleteFrom('signing_keys')
    .where('removed_at_ms', '<', beforeMs)
    .where((eb) => eb.or([eb('kept_until_ms', 'is', null), eb('kept_until_ms', '<', beforeMs)]));
  return [changesAny(query), raiseConfigurationVersion(db)];
}

/** The key as read. */
export function signingKeyOf(row: Selectable<SigningKeysTable>): SigningKeyRecord {
  return {
    kid: row.kid,
    use: row.use,
    alg: row.alg,
    publicJwk: row.public_jwk === null ? null : (JSON.parse(row.public_jwk) as JsonObject),
    sealedPrivateJwk: row.sealed_private_jwk,
    createdAtMs: row.created_at_ms,
    signsFromMs: row.signs_from_ms,
    retiredAtMs: row.retired_at_ms,
    removedAtMs: row.removed_at_ms,
    keptUntilMs: row.kept_until_ms,
  };
}

function rowOf(record: SigningKeyRecord): Insertable<SigningKeysTable> {
  return {
    kid: record.kid,
    use: record.use,
    alg: record.alg,
    public_jwk: record.publicJwk === null ? null : JSON.stringify(record.publicJwk),
    sealed_private_jwk: record.sealedPrivateJwk,
    created_at_ms: record.createdAtMs,
    signs_from_ms: record.signsFromMs,
    retired_at_ms: record.retiredAtMs,
    removed_at_ms: record.removedAtMs,
    kept_until_ms: record.keptUntilMs,
  };
}
