/** Lists as this dialect asks for them and answers them. @module */
import type { FastifyReply } from 'fastify';
import type { TInteger, TOptional, TString, TUnsafe } from 'typebox';
import type { Listing, ListQuery, TextMatch } from '../../domain/listing.ts';
import { sendJson, sendJsonPieces } from '../../http/answer.ts';
import { Type } from '../../http/schema.ts';
import { text, whole, word } from '../../http/strict-fields.ts';
import { wrong } from '../../http/strict-reader.ts';

const longestPage = 50;
const usualPage = 10;
/** As many as `records` ever tells. */
const mostCounted = 250;
/** Characters before a `*`, so that nobody asks for everything by accident. */
const leastBeforeStar = 3;
/** Characters that are sent at once when everything is. */
const pieceCharacters = 16_384;

type PageFields = {
  l: TOptional<TInteger>;
  p: TOptional<TInteger>;
  sc: TOptional<TString>;
  sd: TOptional<TUnsafe<'asc' | 'desc'>>;
};

/** For the schema of a list's query. */
export const pageFields: PageFields = {
  l: Type.Optional(
    whole({ minimum: -1, maximum: longestPage, description: 'Rows of a page, 1 to 50; -1: everything.' }),
  ),
  p: Type.Optional(whole({ minimum: 0, description: 'Which page; 1 if absent.' })),
  sc: Type.Optional(text({ description: 'Property to sort by, together with `sd`.' })),
  sd: Type.Optional(word(['asc', 'desc'])),
};

/** For the schema of a property that a list can be narrowed by. */
export function filterField(): TOptional<TString> {
  return Type.Optional(
    text({
      description: 'Only rows with this; with `*` after three characters or more, with this beginning.',
    }),
  );
}

export interface WrittenPage {
  readonly l?: number;
  readonly p?: number;
  readonly sc?: string;
  readonly sd?: 'asc' | 'desc';
}

/** How a list's properties are called here, and in the core. */
export type Properties<Property extends string> = Readonly<Record<string, Property>>;

/**
 * What narrows a list, and its order.
 *
 * @throws {ProblemError} `invalid_value` for half an order, an unknown property to sort by, a `*` that is elsewhere
 */
export function readListQuery<Property extends string>(
  query: WrittenPage,
  properties: Properties<Property>,
): ListQuery<Property> {
  const { sc, sd } = query;
  if ((sc === undefined) !== (sd === undefined)) throw wrong('sc', 'is needed together with sd, or neither');
  const by = sc === undefined ? null : propertyOf(sc, properties);
  const matches = Object.entries(properties).flatMap(([name, property]) => {
    const written = (query as Readonly<Record<string, unknown>>)[name];
    return typeof written === 'string' && written !== '' ? [{ property, ...readMatch(name, written) }] : [];
  });
  return { matches, sort: by === null ? null : { by, order: sd ?? 'asc' } };
}

/** The answer to a request for a list. */
export async function sendList<Row>(
  reply: FastifyReply,
  query: WrittenPage,
  list: Listing<Row>,
  item: (row: Row) => object,
): Promise<FastifyReply> {
  const { l: limit = usualPage } = query;
  if (limit === 0) throw wrong('l', 'must be from 1 to 50, or -1');
  if (limit === -1) return sendJsonPieces(reply, everything(list, item));
  const page = Math.max(1, query.p ?? 1);
  const [rows, records] = await Promise.all([list.page((page - 1) * limit, limit), list.count(mostCounted)]);
  const metadata = { records, page, pages: Math.ceil(records / limit), per_page: limit };
  return sendJson(reply, 200, JSON.stringify({ payload: rows.map(item), metadata }));
}

function propertyOf<Property extends string>(name: string, properties: Properties<Property>): Property {
  const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (property === undefined) throw wrong('sc', `must be one of: ${Object.keys(properties).join(', ')}`);
  return property;
}

function readMatch(name: string, written: string): TextMatch {
  const star = written.indexOf('*');
  if (star === -1) return { text: written, part: 'whole' };
  if (star < written.length - 1 || star < leastBeforeStar)
    throw wrong(name, 'may have a * at its end only, after at least three characters');
  return { text: written.slice(0, star), part: 'beginning' };
}

/** The envelope of a page around all there is; what is told of it comes last, when it is known. */
async function* everything<Row>(list: Listing<Row>, item: (row: Row) => object): AsyncGenerator<string> {
  let piece = '{"payload":[';
  let count = 0;
  for await (const row of list.all()) {
    piece += `${count === 0 ? '' : ','}${JSON.stringify(item(row))}`;
    count += 1;
    if (piece.length < pieceCharacters) continue;
    yield piece;
    piece = '';
  }
  const metadata = { records: Math.min(count, mostCounted), page: 1, pages: 1, per_page: -1 };
  yield `${piece}],"metadata":${JSON.stringify(metadata)}}`;
}
