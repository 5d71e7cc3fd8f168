/** Queries that are built and compiled once for each engine: only their values differ from run to run. @module */
import type { Compilable, CompiledQuery, Kysely } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './schema.ts';

export type PreparedQuery<Values extends object, Row> = (db: Database, values: Values) => Compilable<Row>;

/**
 * Saves a query from being built and compiled at every run, which takes some ten times as long as running it.
 *
 * @param build called once for each engine, with something to stand for each value: what it builds must not depend on
 *   them, nor on which of them are there
 */
export function prepared<Values extends object, Row>(
  build: (queries: Kysely<Tables>, values: Values) => Compilable<Row>,
): PreparedQuery<Values, Row> {
  const templates = new WeakMap<Kysely<Tables>, CompiledQuery<Row>>();
  const templateFor = (queries: Kysely<Tables>, values: Values): CompiledQuery<Row> => {
    const known = templates.get(queries);
    if (known !== undefined) return known;
    const template = build(queries, holesLike(values)).compile();
    for (const [position, value] of template.parameters.entries())
      if (value instanceof Hole) value.position = position;
    templates.set(queries, template);
    return template;
  };
  return ({ queries }, values) => ({
    compile: () => filled(templateFor(queries, values), values as Readonly<Record<string, unknown>>),
  });
}

/** Stands for a value in a query's tree. */
class Hole {
  readonly name: string;
  /** Among the parameters; one of them, where the value comes more than once. */
  position = -1;

  constructor(name: string) {
    this.name = name;
  }
}

function holesLike<Values extends object>(values: Values): Values {
  return Object.fromEntries(Object.keys(values).map((name) => [name, new Hole(name)])) as Values;
}

function filled<Row>(
  template: CompiledQuery<Row>,
  values: Readonly<Record<string, unknown>>,
): CompiledQuery<Row> {
  const parameters = template.parameters.map((value) => (value instanceof Hole ? values[value.name] : value));
  return { ...template, parameters };
}

/** A value in the tree of a compiled query, whether the query was prepared or not. */
export function valueIn({ parameters }: CompiledQuery, value: unknown): unknown {
  return value instanceof Hole ? parameters[value.position] : value;
}
