/** What is said once about an installation. @module */
import type { Database, Write } from './database.ts';
import { changesOne } from './write.ts';

export interface Installation {
  /** A UUID; the default audience of its tokens. */
  readonly id: string;
  readonly createdAtMs: number;
  /** Proves a master key to be the one that the data was sealed with. */
  readonly masterKeyCheck: string;
}

/** Null before the first start. */
export async function readInstallation(db: Database): Promise<Installation | null> {
  const [row] = await db.read(db.queries.selectFrom('installation').selectAll());
  if (row === undefined) return null;
  return { id: row.id, createdAtMs: row.created_at_ms, masterKeyCheck: row.master_key_check };
}

/** @throws {DuplicateRow} on execution, when another node was first */
export function insertInstallation(db: Database, installation: Installation): Write {
  const row = {
    singleton: 1,
    id: installation.id,
    created_at_ms: installation.createdAtMs,
    master_key_check: installation.masterKeyCheck,
  };
  return changesOne(db.queries.insertInto('installation').values(row));
}
