/** The two hot statements: read one session by its key, and write it back in place. @module */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SessionId } from '../../domain/ids.ts';
import type { Session } from '../../domain/session.ts';
import { textsOf } from '../json.ts';

const select = `select user_id, domain_id, tenant_id, kind, purpose, token_kind, rotation, absolute_seconds,
  idle_seconds, generation, mac_key, salt, labels, created_from, created_at_ms, authenticated_at_ms, issued_at_ms,
  used_at_ms, refreshed_at_ms, ended_at_ms, end_reason
from sessions where id = ?`;

const update = `update sessions set version = version + 1, domain_id = ?, tenant_id = ?, kind = ?, purpose = ?,
  token_kind = ?, rotation = ?, absolute_seconds = ?, idle_seconds = ?, generation = ?, mac_key = ?, salt = ?,
  labels = ?, created_from = ?, created_at_ms = ?, authenticated_at_ms = ?, issued_at_ms = ?, used_at_ms = ?,
  refreshed_at_ms = ?, ended_at_ms = ?, end_reason = ?
where id = ?`;

// biome-ignore format: the columns of `select`, in its order
type Columns = [
  Session['userId'], Session['domainId'], Session['tenantId'], Session['kind'], Session['purpose'],
  Session['tokenKind'], Session['rotation'], number | null, number | null, number, number, string, string, string,
  number, number, number, number | null, number | null, number | null, Session['endReason'],
];

export class SessionStatements {
  readonly #select: StatementSync;
  readonly #update: StatementSync;

  constructor(connection: DatabaseSync) {
    this.#select = connection.prepare(select);
    // Half the cost of objects, which SQLite's binding makes slow to read as well.
    this.#select.setReturnArrays(true);
    this.#update = connection.prepare(update);
  }

  find(id: SessionId): Session | null {
    const row = this.#select.get(id) as unknown as Columns | undefined;
    if (row === undefined) return null;
    return {
      id,
      userId: row[0],
      domainId: row[1],
      tenantId: row[2],
      kind: row[3],
      purpose: row[4],
      tokenKind: row[5],
      rotation: row[6],
      lifetimes: { absoluteSeconds: row[7], idleSeconds: row[8] },
      generation: row[9],
      macKey: row[10],
      salt: row[11],
      labels: textsOf(row[12]),
      createdFrom: row[13],
      createdAtMs: row[14],
      authenticatedAtMs: row[15],
      issuedAtMs: row[16],
      usedAtMs: row[17],
      refreshedAtMs: row[18],
      endedAtMs: row[19],
      endReason: row[20],
    };
  }

  /** The session's user stays who it is. */
  write(session: Session): void {
    this.#update.run(
      session.domainId,
      session.tenantId,
      session.kind,
      session.purpose,
      session.tokenKind,
      session.rotation,
      session.lifetimes.absoluteSeconds,
      session.lifetimes.idleSeconds,
      session.generation,
      session.macKey,
      session.salt,
      session.labels.length === 0 ? '[]' : JSON.stringify(session.labels),
      session.createdFrom,
      session.createdAtMs,
      session.authenticatedAtMs,
      session.issuedAtMs,
      session.usedAtMs,
      session.refreshedAtMs,
      session.endedAtMs,
      session.endReason,
      session.id,
    );
  }
}
