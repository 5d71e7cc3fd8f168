/** Tokens that were not granted here and are not to be taken, in the database. @module */
import type { ApplicationId, UserId } from '../domain/ids.ts';
import type { Database, Write } from './database.ts';
import { changesAny } from './write.ts';

export interface DeniedToken {
  readonly applicationId: ApplicationId;
  readonly key: string;
  /** The token's own end; null: not known, so that it is denied for ever. */
  readonly expiresAtMs: number | null;
  readonly deniedBy: UserId;
}

/** Denied already, it stays denied as it is, but for ever if the end is not known now. */
export function denyToken(db: Database, token: DeniedToken, nowMs: number): Write {
  const { applicationId, key, expiresAtMs, deniedBy } = token;
  const insert = db.queries.insertInto('denied_tokens').values({
    application_id: applicationId,
    token_key: key,
    expires_at_ms: expiresAtMs,
    created_at_ms: nowMs,
    denied_by: deniedBy,
  });
  return changesAny(
    insert.onConflict((conflict) => {
      const columns = conflict.columns(['application_id', 'token_key']);
      return expiresAtMs === null ? columns.doUpdateSet({ expires_at_ms: null }) : columns.doNothing();
    }),
  );
}

/** Keys of those that do not end before an instant. */
export async function deniedKeysOf(
  db: Database,
  applicationId: ApplicationId,
  endsAfterMs: number,
): Promise<string[]> {
  const query = db.queries
    .selectFrom('denied_tokens')
    .select('token_key')
    .where('application_id', '=', applicationId)
    .where((eb) => eb.or([eb('expires_at_ms', 'is', null), eb('expires_at_ms', '>', endsAfterMs)]));
  return (await db.read(query)).map((row) => row.token_key);
}

export function sweepDeniedTokens(db: Database, endedBeforeMs: number): Write {
  return changesAny(db.queries.deleteFrom('denied_tokens').where('expires_at_ms', '<', endedBeforeMs));
}
