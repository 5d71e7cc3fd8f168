/** The hot statements: read sessions with all that a decision needs, and write the changed ones back. @module */
import type { Selectable } from 'kysely';
import type pg from 'pg';
import type { Holder } from '../../domain/holder.ts';
import type { DomainId, SessionId, TenantId } from '../../domain/ids.ts';
import type { Session } from '../../domain/session.ts';
import type { NamedScope } from '../../domain/tenancy.ts';
import { holderWith, type UserFactsRow, userFactsOf } from '../holders.ts';
import { nameKey } from '../name-key.ts';
import { namedPlaceOf, placeOf, scopeKey } from '../places.ts';
import type { SessionsTable } from '../schema.ts';
import { sessionOf } from '../session-row.ts';

/** `countsIn` of assignments.ts and the joins of holders.ts and places.ts, for many sessions and scopes at once. */
const select = {
  name: 'find-held-sessions',
  text: `select s.*, u.username, u.connection, u.name, u.domain_id as home_domain_id, h.name as home_domain_name,
  h.enabled as home_domain_enabled, u.enabled, u.allowed_auth_methods, u.expires_at_ms,
  d.id as place_domain_id, d.name as place_domain_name, d.enabled as place_domain_enabled,
  t.id as place_tenant_id, t.domain_id as place_tenant_domain_id, t.enabled as place_tenant_enabled,
  (select json_agg(r.name)::text from assignments a join roles r on r.id = a.role_id
    where a.user_id = s.user_id and (a.domain_id is null
      or (a.domain_id = d.id and (a.tenant_id is null or a.tenant_id = t.id)))) as roles,
  (select version from configuration) as configuration_version, w.at::int as wanted_at
from unnest($1::text[], $2::boolean[], $3::text[], $4::text[])
    with ordinality as w (id, is_named, domain_key, tenant_id, at)
  join sessions s on s.id = w.id
  join users u on u.id = s.user_id
  join domains h on h.id = u.domain_id
  left join tenants t on t.id = case when w.is_named then w.tenant_id else s.tenant_id end
  left join domains d on d.id = case when not w.is_named then s.domain_id when w.domain_key is null then t.domain_id
    else (select id from domains where name_key = w.domain_key) end`,
};

/** What is not in a session's terms. */
const update = {
  name: 'change-sessions',
  text: `update sessions s set version = s.version + 1, domain_id = n.domain_id, tenant_id = n.tenant_id,
  amr = n.amr,
  absolute_seconds = n.absolute_seconds, idle_seconds = n.idle_seconds, generation = n.generation,
  authenticated_at_ms = n.authenticated_at_ms, issued_at_ms = n.issued_at_ms, used_at_ms = n.used_at_ms,
  refreshed_at_ms = n.refreshed_at_ms, ended_at_ms = n.ended_at_ms, end_reason = n.end_reason, used_from = n.used_from
from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
  $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::text[], $14::text[], $15::text[])
  as n (id, version, domain_id, tenant_id, absolute_seconds, idle_seconds, generation, authenticated_at_ms,
    issued_at_ms, used_at_ms, refreshed_at_ms, ended_at_ms, end_reason, amr, used_from)
where s.id = n.id and s.version = n.version
returning s.id`,
};

/** For whoever wants to know how they are planned. */
export const statements: { readonly select: typeof select; readonly update: typeof update } = {
  select,
  update,
};

type Row = Selectable<SessionsTable> &
  UserFactsRow & {
    place_domain_id: DomainId | null;
    place_domain_name: string | null;
    place_domain_enabled: number | null;
    place_tenant_id: TenantId | null;
    place_tenant_domain_id: DomainId | null;
    place_tenant_enabled: number | null;
    roles: string | null;
    configuration_version: number;
    wanted_at: number;
  };

/** A session, and its user in a scope; null: the session's own. */
export interface Wanted {
  readonly id: SessionId;
  readonly scope: NamedScope | null;
}

/** A session as it was read, with what tells whether it is still so. */
export interface Loaded {
  readonly session: Session;
  /** Of the row. */
  readonly version: number;
  readonly configurationVersion: number;
  /** Its user in a scope that was wanted. */
  holderOf(scope: NamedScope | null): Holder;
}

export async function loadSessions(pool: pg.Pool, calls: readonly Wanted[]): Promise<Map<SessionId, Loaded>> {
  const distinct = new Map(calls.map((call) => [`${call.id} ${keyOf(call.scope)}`, call]));
  const wanted = [...distinct.values()];
  const values = [
    wanted.map(({ id }) => id),
    wanted.map(({ scope }) => scope !== null),
    wanted.map(({ scope }) => (scope === null || scope.domain === null ? null : nameKey(scope.domain))),
    wanted.map(({ scope }) => scope?.tenantId ?? null),
  ];
  const { rows } = await pool.query<Row>({ ...select, values });
  const rowsById = Map.groupBy(rows, ({ id }) => id);
  return new Map([...rowsById].map(([id, rowsOfOne]) => [id, loadedOf(rowsOfOne, wanted)]));
}

function loadedOf(rows: readonly Row[], wanted: readonly Wanted[]): Loaded {
  const [row] = rows;
  if (row === undefined) throw new Error('a group has a row');
  const session = sessionOf(row);
  const holders = new Map<string, Holder>();
  for (const each of rows) {
    const scope = wanted[each.wanted_at - 1]?.scope ?? null;
    holders.set(keyOf(scope), holderOf(each, session, scope));
  }
  return {
    session,
    version: row.version,
    configurationVersion: row.configuration_version,
    holderOf: (scope) => {
      const holder = holders.get(keyOf(scope));
      if (holder === undefined) throw new Error('a holder was not asked for');
      return holder;
    },
  };
}

function holderOf(row: Row, session: Session, scope: NamedScope | null): Holder {
  const domain =
    row.place_domain_id === null
      ? null
      : {
          id: row.place_domain_id,
          name: row.place_domain_name ?? '',
          enabled: row.place_domain_enabled ?? 0,
        };
  const tenant =
    row.place_tenant_id === null || row.place_tenant_domain_id === null
      ? null
      : {
          id: row.place_tenant_id,
          domain_id: row.place_tenant_domain_id,
          enabled: row.place_tenant_enabled ?? 0,
        };
  const place = scope === null ? placeOf(session, domain, tenant) : namedPlaceOf(scope, domain, tenant);
  const roles = row.roles === null ? [] : (JSON.parse(row.roles) as string[]);
  return holderWith(userFactsOf(row.user_id, row), place, roles);
}

const keyOf = (scope: NamedScope | null): string => (scope === null ? 'own' : scopeKey(scope));

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
    column((session) => JSON.stringify(session.amr)),
    column((session) => session.usedFrom),
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
