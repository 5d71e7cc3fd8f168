/** Lists that are read a page or whole, whatever their length. @module */

/** Pages are of the caller's size; all of it comes little by little. */
export interface Listing<Row> {
  /** How many there are, counted no further than this. */
  readonly count: (most: number) => Promise<number>;
  readonly page: (skip: number, limit: number) => Promise<readonly Row[]>;
  readonly all: () => AsyncIterable<Row>;
}

/** What a property of a row has to be, without regard to case: all of its text, or the beginning. */
export interface TextMatch {
  readonly text: string;
  readonly part: 'whole' | 'beginning';
}

/** What a list is narrowed to, and the order it comes in. */
export interface ListQuery<Property extends string> {
  readonly matches: readonly (TextMatch & { readonly property: Property })[];
  /** Left alone where something narrows the list: then it comes in the order of what narrows it. */
  readonly sort: { readonly by: Property; readonly order: 'asc' | 'desc' } | null;
}

/** What lists of users, of tenants and of domains are narrowed and sorted by. */
export type UserProperty = 'id' | 'username' | 'name' | 'orgName';
export type TenantProperty = 'id' | 'name';
export type DomainProperty = 'id' | 'name';

/** The list of what a generator gives; for lists that are short, or whose later rows follow from the earlier. */
export function listingOf<Row>(rows: () => AsyncIterable<Row> | Iterable<Row>): Listing<Row> {
  return {
    count: async (most) => (await slice(rows(), 0, most)).length,
    page: (skip, limit) => slice(rows(), skip, limit),
    all: async function* () {
      yield* rows();
    },
  };
}

export function mapListing<From, To>(list: Listing<From>, map: (row: From) => To): Listing<To> {
  return {
    count: list.count,
    page: async (skip, limit) => (await list.page(skip, limit)).map(map),
    all: async function* () {
      for await (const row of list.all()) yield map(row);
    },
  };
}

async function slice<Row>(
  rows: AsyncIterable<Row> | Iterable<Row>,
  skip: number,
  limit: number,
): Promise<Row[]> {
  const taken: Row[] = [];
  let seen = 0;
  if (limit === 0) return taken;
  for await (const row of rows) {
    seen += 1;
    if (seen > skip) taken.push(row);
    if (taken.length === limit) break;
  }
  return taken;
}
