/** Lists as this API gives them: newest first, a page at a time, continued by an opaque cursor. @module */
import type { TInteger, TOptional, TString } from 'typebox';
import { Type } from '../../http/schema.ts';
import { text, whole } from '../../http/strict-fields.ts';
import { wrong } from '../../http/strict-reader.ts';

type PageFields = { limit: TOptional<TInteger>; cursor: TOptional<TString> };

/** For the schema of a list's query. */
export const pageFields: PageFields = {
  limit: Type.Optional(
    whole({ minimum: 1, maximum: 1000, description: 'Rows of a page, 1 to 1000; 100 if absent.' }),
  ),
  cursor: Type.Optional(text({ description: '`nextCursor` of the page before.' })),
};

/** What of a list was asked for. */
export interface PageWish {
  readonly limit: number;
  /** Key of the last row of the page before; null: from the beginning. */
  readonly after: string | null;
}

/** @throws {ProblemError} `invalid_value` for a cursor that no answer gave */
export function readPage({ limit = 100, cursor }: { limit?: number; cursor?: string }): PageWish {
  return { limit, after: cursor === undefined ? null : keyIn(cursor) };
}

/** The rows of a page, where one more than `limit` was read if there is one, and the cursor of the next; null: it is the last. */
export function cutPage<Row>(
  rows: readonly Row[],
  { limit }: PageWish,
  keyOf: (row: Row) => string,
): { readonly rows: readonly Row[]; readonly nextCursor: string | null } {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const nextCursor = last === undefined ? null : Buffer.from(keyOf(last)).toString('base64url');
  return { rows: rows.slice(0, limit), nextCursor };
}

function keyIn(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  const isOurs = key !== '' && Buffer.from(key).toString('base64url') === cursor && !key.includes('\0');
  if (!isOurs) throw wrong('cursor', 'must be one that a page has given');
  return key;
}
