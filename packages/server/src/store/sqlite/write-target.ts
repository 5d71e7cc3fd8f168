/** What a statement writes to, as far as its form tells. @module */
import type { CompiledQuery, OperationNode } from 'kysely';
import {
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  DeleteQueryNode,
  InsertQueryNode,
  OperatorNode,
  ReferenceNode,
  TableNode,
  UpdateQueryNode,
  ValueNode,
  WhereNode,
} from 'kysely';
import { valueIn } from '../prepared.ts';

export interface WriteTarget {
  /** Null when it cannot be told. */
  readonly table: string | null;
  /** `new`: it adds rows and changes none that was there. */
  readonly rows: 'new' | 'old';
  /** The `id` of the only row that it can change; null: any row. */
  readonly id: string | null;
  /** All that it sets of a row that was there; null: the whole row. */
  readonly columns: readonly string[] | null;
}

export function writeTarget(compiled: CompiledQuery): WriteTarget {
  const { query } = compiled;
  const unknown = { table: null, rows: 'old', id: null, columns: null } as const;
  if (InsertQueryNode.is(query))
    return { ...unknown, table: nameOf(query.into), rows: addsOnly(query) ? 'new' : 'old' };
  if (UpdateQueryNode.is(query))
    return {
      ...unknown,
      table: nameOf(query.table),
      id: idIn(compiled, query.where),
      columns: columnsIn(query),
    };
  if (DeleteQueryNode.is(query))
    return { ...unknown, table: nameOf(query.from.froms[0]), id: idIn(compiled, query.where) };
  return unknown;
}

function addsOnly({ onConflict, orAction, replace }: InsertQueryNode): boolean {
  return onConflict === undefined && orAction === undefined && replace !== true;
}

function columnsIn({ updates }: UpdateQueryNode): string[] | null {
  const columns: string[] = [];
  for (const { column } of updates ?? []) {
    if (!ColumnNode.is(column)) return null;
    columns.push(column.column.name);
  }
  return columns.length === 0 ? null : columns;
}

function nameOf(node: OperationNode | undefined): string | null {
  return node !== undefined && TableNode.is(node) ? node.table.identifier.name : null;
}

/** The value of a condition `id = value` that has to hold, whatever else has to. */
function idIn(compiled: CompiledQuery, condition: OperationNode | undefined): string | null {
  if (condition === undefined) return null;
  if (WhereNode.is(condition)) return idIn(compiled, condition.where);
  if (AndNode.is(condition)) return idIn(compiled, condition.left) ?? idIn(compiled, condition.right);
  if (!BinaryOperationNode.is(condition) || !isIdColumn(condition.leftOperand)) return null;
  const { operator, rightOperand: right } = condition;
  if (!OperatorNode.is(operator) || operator.operator !== '=' || !ValueNode.is(right)) return null;
  const value = valueIn(compiled, right.value);
  return typeof value === 'string' ? value : null;
}

function isIdColumn(node: OperationNode): boolean {
  return ReferenceNode.is(node) && ColumnNode.is(node.column) && node.column.column.name === 'id';
}
