/** JSON in text columns. @module */
import { type Expression, type ReferenceExpression, type SqlBool, sql } from 'kysely';
import type { Tables } from './schema.ts';

const noTexts: readonly never[] = Object.freeze([]);

/** A column that holds a JSON array of texts; the many empty ones share one list. */
export function textsOf<Text extends string>(column: string): readonly Text[] {
  return column === '[]' ? noTexts : (JSON.parse(column) as Text[]);
}

/**
 * Whether the column's JSON array of texts holds this one.
 *
 * Works on the text, because PostgreSQL's jsonb refuses what JSON allows (`\u0000`). A quotation mark inside a JSON
 * string always follows a backslash, so one that follows a comma or a bracket begins an element.
 */
export function holdsText<Table extends keyof Tables>(
  column: ReferenceExpression<Tables, Table>,
  text: string,
): Expression<SqlBool> {
  const element = JSON.stringify(text);
  const reference = sql.ref(column as string);
  const holds = (part: string) => sql<SqlBool>`replace(${reference}, ${part}, '') <> ${reference}`;
  return sql<SqlBool>`(${holds(`[${element}`)} or ${holds(`,${element}`)})`;
}
