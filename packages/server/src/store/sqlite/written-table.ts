/** Which table a statement writes to. @module */
import type { CompiledQuery, OperationNode } from 'kysely';
import { DeleteQueryNode, InsertQueryNode, TableNode, UpdateQueryNode } from 'kysely';

/** Null when it cannot be told. */
export function writtenTable({ query }: CompiledQuery): string | null {
  const target = targetOf(query);
  return target !== undefined && TableNode.is(target) ? target.table.identifier.name : null;
}

function targetOf(query: OperationNode): OperationNode | undefined {
  if (InsertQueryNode.is(query)) return query.into;
  if (UpdateQueryNode.is(query)) return query.table;
  if (DeleteQueryNode.is(query)) return query.from.froms[0];
  return undefined;
}
