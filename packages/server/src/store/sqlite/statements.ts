/** Prepared statements, kept by their text. @module */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Compilable, CompiledQuery } from 'kysely';

/** Lists of different lengths make different texts; beyond this many the rare ones are not worth their memory. */
const mostKept = 500;

export class Statements {
  readonly #connection: DatabaseSync;
  readonly #kept = new Map<string, StatementSync>();

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  all<Row>(query: Compilable<Row>): Row[] {
    const { sql, parameters } = query.compile();
    return this.#prepared(sql).all(...(parameters as SQLInputValue[])) as Row[];
  }

  /** How many rows it changed. */
  run({ sql, parameters }: CompiledQuery): number {
    return Number(this.#prepared(sql).run(...(parameters as SQLInputValue[])).changes);
  }

  #prepared(text: string): StatementSync {
    const kept = this.#kept.get(text);
    if (kept !== undefined) return kept;
    if (this.#kept.size >= mostKept) this.#kept.clear();
    const prepared = this.#connection.prepare(text);
    this.#kept.set(text, prepared);
    return prepared;
  }
}
