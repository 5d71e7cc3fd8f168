/** Tokens granted for applications, in the database. @module */
import { type Selectable, sql } from 'kysely';
import type { Application, GrantedToken, GrantedTokenState } from '../domain/application.ts';
import type { ApplicationId, UserId } from '../domain/ids.ts';
import type { Database, Write } from './database.ts';
import { textsOf } from './json.ts';
import type { GrantedTokensTable } from './schema.ts';
import { changesAny, changesOne } from './write.ts';

/** A granted token, and whether who answers for it may be anybody's user now. */
export interface OwnedToken {
  readonly token: GrantedToken;
  readonly owner: 'stands' | 'suspended';
  readonly applicationName: string;
}

export function insertGrantedToken(db: Database, token: GrantedToken): Write {
  return changesOne(
    db.queries.insertInto('granted_tokens').values({
      id: token.id,
      application_id: token.applicationId,
      token_key: token.key,
      key_number: token.keyNumber,
      user_id: token.userId,
      identity: token.identity,
      roles: JSON.stringify(token.roles),
      description: token.description,
      created_at_ms: token.createdAtMs,
      expires_at_ms: token.expiresAtMs,
      last_used_at_ms: token.lastUsedAtMs,
      denied_from_ms: token.deniedFromMs,
    }),
  );
}

/** Tokens with what their state depends on: the user, and the domain the user is at home in. */
function ownedTokens(db: Database, nowMs: number) {
  return db.queries
    .selectFrom('granted_tokens')
    .innerJoin('applications', 'applications.id', 'granted_tokens.application_id')
    .leftJoin('users', 'users.id', 'granted_tokens.user_id')
    .leftJoin('domains', 'domains.id', 'users.domain_id')
    .selectAll('granted_tokens')
    .select([
      'applications.name as application_name',
      sql<number>`case when ${stands(nowMs)} then 1 else 0 end`.as('stands'),
    ]);
}

/** False, too, where there is no such user. */
const stands = (
  nowMs: number,
) => sql<boolean>`coalesce(users.enabled = 1 and users.allowed_auth_methods <> '[]'
  and coalesce(users.expires_at_ms > ${nowMs}, 1 = 1) and domains.enabled = 1, 1 = 0)`;

type OwnedRow = Selectable<GrantedTokensTable> & { application_name: string; stands: number };

export async function findGrantedToken(db: Database, key: string, nowMs: number): Promise<OwnedToken | null> {
  const [row] = await db.read(ownedTokens(db, nowMs).where('token_key', '=', key));
  return row === undefined ? null : ownedTokenOf(row);
}

export interface GrantedTokenFilter {
  readonly applicationId: ApplicationId | null;
  readonly userId: UserId | null;
  readonly state: GrantedTokenState | null;
  /** Only those with a smaller id: older ones. Null: from the newest on. */
  readonly before: string | null;
  readonly limit: number;
  readonly nowMs: number;
}

/** Newest first. */
export async function listGrantedTokens(db: Database, filter: GrantedTokenFilter): Promise<OwnedToken[]> {
  const { applicationId, userId, state, before, limit, nowMs } = filter;
  let query = ownedTokens(db, nowMs);
  if (applicationId !== null) query = query.where('granted_tokens.application_id', '=', applicationId);
  if (userId !== null) query = query.where('granted_tokens.user_id', '=', userId);
  if (before !== null) query = query.where('granted_tokens.id', '<', before);
  if (state !== null) query = query.where(inState(state, nowMs));
  const rows = await db.read(query.orderBy('granted_tokens.id', 'desc').limit(limit));
  return rows.map(ownedTokenOf);
}

/** As `grantedTokenState` says it, for the database to look through. */
function inState(state: GrantedTokenState, nowMs: number) {
  const isRevoked = sql<boolean>`(denied_from_ms is not null and denied_from_ms <= ${nowMs})`;
  const isExpired = sql<boolean>`(not ${isRevoked} and granted_tokens.expires_at_ms <= ${nowMs})`;
  const isOpen = sql<boolean>`(not ${isRevoked} and not ${isExpired})`;
  switch (state) {
    case 'revoked':
      return isRevoked;
    case 'expired':
      return isExpired;
    case 'live':
      return sql<boolean>`(${isOpen} and ${stands(nowMs)})`;
    case 'suspended':
      return sql<boolean>`(${isOpen} and not ${stands(nowMs)})`;
  }
}

/** Every token of an application that a guard might still take, by itself, after an instant. */
export async function grantedTokensOf(
  db: Database,
  applicationId: ApplicationId,
  { endsAfterMs, nowMs }: { endsAfterMs: number; nowMs: number },
): Promise<OwnedToken[]> {
  const query = ownedTokens(db, nowMs)
    .where('granted_tokens.application_id', '=', applicationId)
    .where('granted_tokens.expires_at_ms', '>', endsAfterMs);
  return (await db.read(query)).map(ownedTokenOf);
}

/** Takes effect at `fromMs`, unless it is denied from an earlier instant on already. */
export function denyGrantedToken(
  db: Database,
  { key, applicationId }: Pick<GrantedToken, 'key' | 'applicationId'>,
  fromMs: number,
): Write {
  return changesAny(deny(db, applicationId, fromMs).where('token_key', '=', key));
}

/** Those made with an older key than this. */
export function denyTokensOfOlderKeys(
  db: Database,
  { id, keyNumber }: Pick<Application, 'id' | 'keyNumber'>,
  fromMs: number,
): Write {
  return changesAny(deny(db, id, fromMs).where('key_number', '<', keyNumber));
}

function deny(db: Database, applicationId: ApplicationId, fromMs: number) {
  return db.queries
    .updateTable('granted_tokens')
    .set({ denied_from_ms: fromMs })
    .where('application_id', '=', applicationId)
    .where((eb) => eb.or([eb('denied_from_ms', 'is', null), eb('denied_from_ms', '>', fromMs)]));
}

/** Only later than what is there; those of another application stay as they are. */
export function noteTokensUsed(
  db: Database,
  applicationId: ApplicationId,
  keys: readonly string[],
  atMs: number,
): Write {
  return changesAny(
    db.queries
      .updateTable('granted_tokens')
      .set({ last_used_at_ms: atMs })
      .where('token_key', 'in', keys)
      .where('application_id', '=', applicationId)
      .where((eb) => eb.or([eb('last_used_at_ms', 'is', null), eb('last_used_at_ms', '<', atMs)])),
  );
}

export function sweepGrantedTokens(db: Database, expiredBeforeMs: number): Write {
  return changesAny(db.queries.deleteFrom('granted_tokens').where('expires_at_ms', '<', expiredBeforeMs));
}

function ownedTokenOf(row: OwnedRow): OwnedToken {
  return {
    owner: row.stands === 1 ? 'stands' : 'suspended',
    applicationName: row.application_name,
    token: {
      id: row.id,
      applicationId: row.application_id,
      key: row.token_key,
      keyNumber: row.key_number,
      userId: row.user_id,
      identity: row.identity,
      roles: textsOf(row.roles),
      description: row.description,
      createdAtMs: row.created_at_ms,
      expiresAtMs: row.expires_at_ms,
      lastUsedAtMs: row.last_used_at_ms,
      deniedFromMs: row.denied_from_ms,
    },
  };
}
