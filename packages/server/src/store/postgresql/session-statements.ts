/** The hot statements: read sessions with all that a decision needs, and write the changed ones back. @module */
import type { Selectable } from 'kysely';
import type pg from 'pg';
import type { HeldSession } from '../../domain/holder.ts';
import type { SessionId } from '../../domain/ids.ts';
import type { Session } from '../../domain/session.ts';
import { type HolderColumns, holderOf } from '../holders.ts';
import type { SessionsTable } from '../schema.ts';
import { sessionOf } from '../session-row.ts';

/** `countsIn` of assignments.ts and the joins of holders.ts, for many sessions at once. */
const select = {
  name: 'find-held-sessions',
  text: `select s.*, u.username, u.connection, u.domain_id as home_domain_id, u.enabled, u.allowed_auth_methods,
  u.expires_at_ms, d.name as domain_name, d.enabled as domain_enabled, t.enabled as tenant_enabled,
  (select json_agg(r.name)::text from assignments a join roles r on r.id = a.role_id
    where a.user_id = s.user_id and (a.domain_id is null
      or (a.domain_id = s.domain_id and (a.tenant_id is null or a.tenant_id = s.tenant_id)))) as roles,
  (select version from configuration) as configuration_version
from sessions s
  join users u on u.id = s.user_id
  left join domains d on d.id = s.domain_id
  left join tenants t on t.id = s.tenant_id and t.domain_id = s.domain_id
where s.id = any($1::text[])`,
};

/** What is not in a session's terms. */
const update = {
  name: 'change-sessions',
  text: `update sessions s set version = s.version + 1, domain_id = n.domain_id, tenant_id = n.tenant_id,
  absolute_seconds = n.absolute_seconds, idle_seconds = n.idle_seconds, generation = n.generation,
  authenticated_at_ms = n.authenticated_at_ms, issued_at_ms = n.issued_at_ms, used_at_ms = n.used_at_ms,
  refreshed_at_ms = n.refreshed_at_ms, ended_at_ms = n.ended_at_ms, end_reason = n.end_reason
from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
  $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::text[])
  as n (id, version, domain_id, tenant_id, absolute_seconds, idle_seconds, generation, authenticated_at_ms,
    issued_at_ms, used_at_ms, refreshed_at_ms, ended_at_ms, end_reason)
where s.id = n.id and s.version = n.version
returning s.id`,
};

/** For whoever wants to know how they are planned. */
export const statements: { readonly select: typeof select; readonly update: typeof update } = {
  select,
  update,
};

type Row = Selectable<SessionsTable> &
  HolderColumns & { roles: string | null; configuration_version: number };

/** A session as it was read, with what tells whether it is still so. */
export interface Loaded {
  readonly held: HeldSession;
  /** Of the row. */
  readonly version: number;
  readonly configurationVersion: number;
}

export async function loadSessions(
  pool: pg.Pool,
  ids: readonly SessionId[],
): Promise<Map<SessionId, Loaded>> {
  const { rows } = await pool.query<Row>({ ...select, values: [ids] });
  return new Map(rows.map((row) => [row.id, loadedOf(row)]));
}

function loadedOf(row: Row): Loaded {
  const session = sessionOf(row);
  const roles = row.roles === null ? [] : (JSON.parse(row.roles) as string[]);
  const holder = holderOf(row.user_id, session, row, roles);
  return { held: { session, holder }, version: row.version, configurationVersion: row.configuration_version };
}

/** A session to write, if its row still has the version that was read. */
export interface Changed {
  readonly session: Session;
  readonly version: number;
}

/** Writes the sessions whose rows are unchanged; gives the ids of those. */
export async function writeSessions(
  on: pg.Pool | pg.PoolClient,
  changes: readonly Changed[],
): Promise<Set<SessionId>> {
  const column = <Value>(of: (session: Session) => Value): Value[] =>
    changes.map(({ session }) => of(session));
  const values = [
    column((session) => session.id),
    changes.map(({ version }) => version),
    column((session) => session.domainId),
    column((session) => session.tenantId),
    column((session) => session.lifetimes.absoluteSeconds),
    column((session) => session.lifetimes.idleSeconds),
    column((session) => session.generation),
    column((session) => session.authenticatedAtMs),
    column((session) => session.issuedAtMs),
    column((session) => session.usedAtMs),
    column((session) => session.refreshedAtMs),
    column((session) => session.endedAtMs),
    column((session) => session.endReason),
  ];
  const { rows } = await on.query<{ id: SessionId }>({ ...update, values });
  return new Set(rows.map(({ id }) => id));
}

/** Keeps a session's row as it was read until the transaction ends; false when it is no longer so. */
export async function holdSession(client: pg.PoolClient, id: SessionId, version: number): Promise<boolean> {
  const text = 'select 1 from sessions where id = $1 and version = $2 for update';
  const { rowCount } = await client.query(text, [id, version]);
  return rowCount === 1;
}
