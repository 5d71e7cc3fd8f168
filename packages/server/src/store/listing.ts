/** Lists that go along an index: narrowed by the beginning of a text, sorted by it, read a page or all of it at a time. @module */
import { type Compilable, type Expression, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { Listing, ListQuery, TextMatch } from '../domain/listing.ts';
import type { Database } from './database.ts';
import { nameKey } from './name-key.ts';
import type { Tables } from './schema.ts';

/** How many rows are read at once when all are wanted. */
const batchSize = 250;

/** Comes after every text that begins with what it is put behind. */
const beyondAll = '\u{10FFFF}';

/** The column or expression that a property is compared and sorted by: never null, and the first or second of an index. */
export type Keys<Property extends string> = Readonly<Record<Property, Expression<string>>>;

interface Ordered {
  readonly key: Expression<string>;
  readonly id: Expression<string>;
  readonly order: 'asc' | 'desc';
}

/** A row as the lists read it. */
interface Sorted {
  readonly id: string;
  readonly sort_key: string;
}

export interface Source<Property extends string, Table extends keyof Tables, Raw, Row> {
  readonly keys: Keys<Property>;
  readonly id: Expression<string>;
  /** Sorted by when nobody says otherwise. */
  readonly usual: Property;
  /** All rows that may be seen, with nothing selected yet. */
  readonly rows: SelectQueryBuilder<Tables, Table, Record<never, never>>;
  readonly select: (
    query: SelectQueryBuilder<Tables, Table, Record<never, never>>,
  ) => SelectQueryBuilder<Tables, Table, Raw>;
  readonly toRow: (raw: Raw) => Row;
}

export function listRows<
  Property extends string,
  Table extends keyof Tables,
  Raw extends { id: string },
  Row,
>(
  db: Database,
  source: Source<Property, Table, Raw, Row>,
  { matches, sort }: ListQuery<Property>,
): Listing<Row> {
  const { keys, id, rows, select, toRow } = source;
  const narrowed = matches.reduce((query, match) => query.where(matching(keys[match.property], match)), rows);
  const by = matches[0]?.property ?? sort?.by ?? source.usual;
  const order = matches.length > 0 ? 'asc' : (sort?.order ?? 'asc');
  const ordered = { key: keys[by], id, order } satisfies Ordered;
  const selected = select(narrowed).select(sql<string>`${ordered.key}`.as('sort_key'));
  const sorted = selected.orderBy(ordered.key, order).orderBy(id, order);
  return {
    count: (most) => countRows(db, narrowed.select(sql`1`.as('one')).limit(most)),
    page: async (skip, limit) => {
      const raws = await db.read(sorted.offset(skip).limit(limit));
      return raws.map((raw) => toRow(raw as unknown as Raw));
    },
    all: async function* () {
      let query = sorted.limit(batchSize);
      for (;;) {
        const raws = (await db.read(query)) as unknown as (Raw & Sorted)[];
        for (const raw of raws) yield toRow(raw);
        const last = raws[batchSize - 1];
        if (last === undefined) return;
        query = sorted.where(after(ordered, last)).limit(batchSize);
      }
    },
  };
}

async function countRows(db: Database, rows: Compilable & Expression<unknown>): Promise<number> {
  const query = db.queries.selectFrom(sql<{ one: number }>`(${rows})`.as('counted'));
  const [row] = await db.read(query.select((eb) => eb.fn.countAll<number>().as('total')));
  return row?.total ?? 0;
}

function matching(key: Expression<string>, { text, part }: TextMatch): Expression<SqlBool> {
  const from = nameKey(text);
  if (part === 'whole') return sql<SqlBool>`${key} = ${from}`;
  return sql<SqlBool>`(${key} >= ${from} and ${key} < ${from + beyondAll})`;
}

/** Written so that an index on the key is entered at the row that was last. */
function after({ key, id, order }: Ordered, last: Sorted): Expression<SqlBool> {
  const { sort_key: from, id: lastId } = last;
  if (order === 'asc') return sql<SqlBool>`(${key} >= ${from} and (${key} > ${from} or ${id} > ${lastId}))`;
  return sql<SqlBool>`(${key} <= ${from} and (${key} < ${from} or ${id} < ${lastId}))`;
}
