/** The hot statements: read one session by its key, and write it back in place. @module */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SessionId } from '../../domain/ids.ts';
import type { Session } from '../../domain/session.ts';
import { textsOf } from '../json.ts';
import type { RecentSessions } from './recent-sessions.ts';

const select = `select user_id, domain_id, tenant_id, face, kind, purpose, token_kind, rotation, absolute_seconds,
  idle_seconds, generation, mac_key, salt, labels, created_from, created_at_ms, authenticated_at_ms, issued_at_ms,
  used_at_ms, refreshed_at_ms, amr, ended_at_ms, end_reason, client, used_from
from sessions where id = ?`;

/** What is not in a session's terms. */
const update = `update sessions set version = version + 1, domain_id = ?, tenant_id = ?, absolute_seconds = ?,
  idle_seconds = ?, generation = ?, authenticated_at_ms = ?, issued_at_ms = ?, used_at_ms = ?, refreshed_at_ms = ?,
  amr = ?, ended_at_ms = ?, end_reason = ?, used_from = ?
where id = ?`;

/** What using and renewing a session changes. Shorter, because every column that is named costs, and may set off a trigger. */
const advance = `update sessions set version = version + 1, generation = ?, issued_at_ms = ?, used_at_ms = ?,
  refreshed_at_ms = ?, used_from = ?
where id = ?`;

/** For whoever wants to know how they are planned. */
export const statements: { readonly select: string; readonly update: string; readonly advance: string } = {
  select,
  update,
  advance,
};

// biome-ignore format: the columns of `select`, in its order
type Columns = [
  Session['userId'], Session['domainId'], Session['tenantId'], string, Session['kind'], Session['purpose'],
  Session['tokenKind'], Session['rotation'], number | null, number | null, number, number, string, string, string,
  number, number, number, number | null, number | null, string, number | null, Session['endReason'],
  string | null, string | null,
];

export class SessionStatements {
  readonly #select: StatementSync;
  readonly #update: StatementSync;
  readonly #advance: StatementSync;
  readonly #recent: RecentSessions;

  constructor(connection: DatabaseSync, recent: RecentSessions) {
    this.#select = connection.prepare(select);
    // Half the cost of objects, which SQLite's binding makes slow to read as well.
    this.#select.setReturnArrays(true);
    this.#update = connection.prepare(update);
    this.#advance = connection.prepare(advance);
    this.#recent = recent;
  }

  find(id: SessionId): Session | null {
    const recent = this.#recent.find(id);
    if (recent !== null) return recent;
    const read = this.#read(id);
    if (read !== null) this.#recent.keep(read);
    return read;
  }

  #read(id: SessionId): Session | null {
    const row = this.#select.get(id) as unknown as Columns | undefined;
    if (row === undefined) return null;
    return {
      id,
      userId: row[0],
      domainId: row[1],
      tenantId: row[2],
      face: row[3],
      kind: row[4],
      purpose: row[5],
      tokenKind: row[6],
      rotation: row[7],
      lifetimes: { absoluteSeconds: row[8], idleSeconds: row[9] },
      generation: row[10],
      macKey: row[11],
      salt: row[12],
      labels: textsOf(row[13]),
      createdFrom: row[14],
      createdAtMs: row[15],
      authenticatedAtMs: row[16],
      issuedAtMs: row[17],
      usedAtMs: row[18],
      refreshedAtMs: row[19],
      amr: textsOf(row[20]),
      endedAtMs: row[21],
      endReason: row[22],
      client: row[23],
      usedFrom: row[24],
    };
  }

  /**
   * Writes a session that was found just now. From then on it is found so, unless a later statement writes to it: whoever
   * undoes this write alone, and not the whole transaction, must {@link forget} it.
   */
  write(found: Session, session: Session): void {
    this.#recent.forget(session.id);
    if (isAdvanced(found, session)) this.#writeAdvanced(session);
    else this.#writeAll(session);
    this.#recent.keep(session);
  }

  forget(id: SessionId): void {
    this.#recent.forget(id);
  }

  #writeAdvanced(session: Session): void {
    this.#advance.run(
      session.generation,
      session.issuedAtMs,
      session.usedAtMs,
      session.refreshedAtMs,
      session.usedFrom,
      session.id,
    );
  }

  #writeAll(session: Session): void {
    this.#update.run(
      session.domainId,
      session.tenantId,
      session.lifetimes.absoluteSeconds,
      session.lifetimes.idleSeconds,
      session.generation,
      session.authenticatedAtMs,
      session.issuedAtMs,
      session.usedAtMs,
      session.refreshedAtMs,
      JSON.stringify(session.amr),
      session.endedAtMs,
      session.endReason,
      session.usedFrom,
      session.id,
    );
  }
}

/** Whether nothing differs but what {@link advance} writes. */
function isAdvanced(found: Session, session: Session): boolean {
  return (
    found.domainId === session.domainId &&
    found.tenantId === session.tenantId &&
    found.lifetimes.absoluteSeconds === session.lifetimes.absoluteSeconds &&
    found.lifetimes.idleSeconds === session.lifetimes.idleSeconds &&
    found.authenticatedAtMs === session.authenticatedAtMs &&
    found.amr === session.amr &&
    found.endedAtMs === session.endedAtMs &&
    found.endReason === session.endReason
  );
}
