/** A session as a row, and back. @module */
import type { Insertable, Selectable } from 'kysely';
import type { Session } from '../domain/session.ts';
import { textsOf } from './json.ts';
import type { SessionsTable } from './schema.ts';

export function sessionOf(row: Selectable<SessionsTable>): Session {
  return {
    id: row.id,
    userId: row.user_id,
    domainId: row.domain_id,
    tenantId: row.tenant_id,
    face: row.face,
    kind: row.kind,
    purpose: row.purpose,
    tokenKind: row.token_kind,
    rotation: row.rotation,
    lifetimes: { absoluteSeconds: row.absolute_seconds, idleSeconds: row.idle_seconds },
    generation: row.generation,
    macKey: row.mac_key,
    salt: row.salt,
    labels: textsOf(row.labels),
    createdFrom: row.created_from,
    client: row.client,
    createdAtMs: row.created_at_ms,
    authenticatedAtMs: row.authenticated_at_ms,
    issuedAtMs: row.issued_at_ms,
    usedAtMs: row.used_at_ms,
    refreshedAtMs: row.refreshed_at_ms,
    usedFrom: row.used_from,
    amr: textsOf(row.amr),
    endedAtMs: row.ended_at_ms,
    endReason: row.end_reason,
  };
}

/** The row of a new session. */
export function rowOfSession(session: Session): Insertable<SessionsTable> {
  return {
    id: session.id,
    version: 1,
    user_id: session.userId,
    domain_id: session.domainId,
    tenant_id: session.tenantId,
    face: session.face,
    kind: session.kind,
    purpose: session.purpose,
    token_kind: session.tokenKind,
    rotation: session.rotation,
    absolute_seconds: session.lifetimes.absoluteSeconds,
    idle_seconds: session.lifetimes.idleSeconds,
    generation: session.generation,
    mac_key: session.macKey,
    salt: session.salt,
    labels: JSON.stringify(session.labels),
    created_from: session.createdFrom,
    client: session.client,
    created_at_ms: session.createdAtMs,
    authenticated_at_ms: session.authenticatedAtMs,
    issued_at_ms: session.issuedAtMs,
    used_at_ms: session.usedAtMs,
    refreshed_at_ms: session.refreshedAtMs,
    used_from: session.usedFrom,
    amr: JSON.stringify(session.amr),
    ended_at_ms: session.endedAtMs,
    end_reason: session.endReason,
  };
}
