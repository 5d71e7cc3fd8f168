/** JSON in text columns. @module */
import { type Expression, type ReferenceExpression, type SqlBool, sql } from 'kysely';
import type { Tables } from './schema.ts';

/** Lists that were read, by their JSON: most rows have the same few. */
const known = new Map<string, readonly string[]>();
const mostKnown = 1000;
/** Longer ones are hardly ever the same, and would take memory for nothing. */
const longestKnown = 100;

/** A column that holds a JSON array of texts. Rows with the same content share one list. */
export function textsOf<Text extends string>(column: string): readonly Text[] {
  const kept = known.get(column);
  if (kept !== undefined) return kept as readonly Text[];
  const texts = Object.freeze(JSON.parse(column) as Text[]);
  if (column.length > longestKnown) return texts;
  if (known.size >= mostKnown) known.clear();
  known.set(column, texts);
  return texts;
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
