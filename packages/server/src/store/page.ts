/** One page of a list, with how many there are in all. @module */
import type { Compilable } from 'kysely';
import type { Database } from './database.ts';

export interface Page<Row> {
  readonly rows: Row[];
  /** Of the whole list, not of this page. */
  readonly total: number;
}

export interface PageLimits {
  readonly skip: number;
  readonly limit: number;
}

/** Reads a page and the list's length. The two are read one after the other: they may differ by a write in between. */
export async function readPage<Raw, Row>(
  db: Database,
  rows: Compilable<Raw>,
  total: Compilable<{ total: number }>,
  toRow: (raw: Raw) => Row,
): Promise<Page<Row>> {
  const [raws, [count]] = await Promise.all([db.read(rows), db.read(total)]);
  return { rows: raws.map(toRow), total: count?.total ?? 0 };
}
