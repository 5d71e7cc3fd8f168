/** The two kinds of work that a group is made of. @module */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CompiledQuery } from 'kysely';
import type { HeldSession } from '../../domain/holder.ts';
import type { SessionId } from '../../domain/ids.ts';
import type { Session } from '../../domain/session.ts';
import type { NamedScope } from '../../domain/tenancy.ts';
import type { Configuration } from '../configuration.ts';
import { type SessionChange, type Write, WriteConflict } from '../database.ts';
import type { Cache } from './cache.ts';
import type { Job } from './group-commit.ts';
import type { SessionStatements } from './session-statements.ts';
import type { Statements } from './statements.ts';
import { writeTarget } from './write-target.ts';

/** What jobs work with. */
export interface Workshop {
  readonly connection: DatabaseSync;
  readonly statements: Statements;
  readonly sessions: SessionStatements;
  readonly cache: Cache;
  /** Where a job begins and ends within its group; prepared, as a renewal of a pair needs both. */
  readonly savepoint: { readonly set: StatementSync; readonly release: StatementSync };
}

interface Statement {
  readonly query: CompiledQuery;
  readonly mustChange: Write['mustChange'];
}

/** All of the statements, or none. */
export class WriteJob implements Job {
  readonly #workshop: Workshop;
  readonly #statements: readonly Statement[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;

  constructor(
    workshop: Workshop,
    writes: readonly Write[],
    resolve: () => void,
    reject: (error: unknown) => void,
  ) {
    this.#workshop = workshop;
    this.#statements = compile(writes);
    this.resolve = resolve;
    this.reject = reject;
  }

  run(): void {
    const [first, ...more] = this.#statements;
    if (first === undefined) return;
    if (more.length === 0 && first.mustChange === 'any') runStatement(this.#workshop, first);
    else allOrNone(this.#workshop, () => runStatements(this.#workshop, this.#statements));
  }
}

/** Which session, its user in which scope (null: its own), and what to do about it. */
interface Asked<Result> {
  readonly id: SessionId;
  readonly scope: NamedScope | null;
  readonly decide: (held: HeldSession, configuration: Configuration) => SessionChange<Result>;
}

/** Loads, decides, writes: nobody else can write in between. */
export class ChangeSessionJob<Result> implements Job {
  readonly #workshop: Workshop;
  readonly #asked: Asked<Result>;
  readonly #resolve: (result: Result | null) => void;
  readonly reject: (error: unknown) => void;
  #result: Result | null = null;

  constructor(
    workshop: Workshop,
    asked: Asked<Result>,
    resolve: (result: Result | null) => void,
    reject: (error: unknown) => void,
  ) {
    this.#workshop = workshop;
    this.#asked = asked;
    this.#resolve = resolve;
    this.reject = reject;
  }

  run(): void {
    const { sessions, cache } = this.#workshop;
    const { id, scope, decide } = this.#asked;
    const session = sessions.find(id);
    if (session === null) return;
    const holder = cache.holder(session.userId, scope ?? session);
    if (holder === null) return;
    const change = decide({ session, holder }, cache.configuration());
    this.#write(session, change);
    this.#result = change.result;
  }

  resolve(): void {
    this.#resolve(this.#result);
  }

  /** One update, as nearly always, is all or nothing by itself. */
  #write(found: Session, { session, writes }: SessionChange<Result>): void {
    const { sessions } = this.#workshop;
    if (writes === undefined || writes.length === 0) {
      if (session !== null) sessions.write(found, session);
      return;
    }
    const statements = compile(writes);
    try {
      allOrNone(this.#workshop, () => {
        if (session !== null) sessions.write(found, session);
        runStatements(this.#workshop, statements);
      });
    } catch (error) {
      sessions.forget(found.id);
      throw error;
    }
  }
}

function compile(writes: readonly Write[]): Statement[] {
  return writes.map(({ query, mustChange }) => ({ query: query.compile(), mustChange }));
}

function runStatements(workshop: Workshop, statements: readonly Statement[]): void {
  for (const statement of statements) runStatement(workshop, statement);
}

function runStatement({ statements, cache }: Workshop, { query, mustChange }: Statement): void {
  // Before it runs, as it may fail half way; what is read again inside this transaction is forgotten with it.
  cache.wroteTo(writeTarget(query));
  const changed = statements.run(query);
  if (mustChange === 'one' && changed !== 1)
    throw new WriteConflict(`a statement had to change one row and changed ${changed}`);
}

/**
 * One job's failure must not undo the rest of its group, nor leave half of its own behind. In the cache there is nothing to
 * undo but the session that a job has changed: what else it writes to is forgotten before, and a job that has begun to write
 * reads nothing.
 */
function allOrNone({ connection, savepoint }: Workshop, run: () => void): void {
  savepoint.set.run();
  try {
    run();
  } catch (error) {
    // A failing disk has ended the transaction, and the savepoint with it.
    if (connection.isTransaction) connection.exec('rollback to job; release job');
    throw error;
  }
  savepoint.release.run();
}
