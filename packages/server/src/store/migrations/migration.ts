/** What a step from one shape of the database to the next is made of. @module */
import type { Engine } from '../database.ts';

/** A step: finished statements, run once, all in one transaction. */
export interface Migration {
  /** Sorts by age; never changed once released. */
  readonly name: string;
  statements(words: EngineWords): readonly string[];
}

/** What the engines call differently. */
export interface EngineWords {
  /** Ordered by code points on both, whatever the server's locale. */
  readonly text: string;
  readonly integer: string;
  /** Holds epoch milliseconds. */
  readonly bigint: string;
  /** A primary key that the database counts up by itself. */
  readonly counter: string;
  /** What follows a table's columns. */
  readonly end: string;
  /** The same for a table whose rows are changed in place all the time. */
  readonly endOfHotTable: string;
  /** What makes a statement part of every change of a kind, whoever makes it. */
  trigger(trigger: Trigger): readonly string[];
}

export interface Trigger {
  readonly name: string;
  /** What of which table: `update of enabled on users`. */
  readonly after: string;
  /** On `old` and `new`, for each row; null: always. */
  readonly when: string | null;
  /** One statement, which may read `old` and `new`. */
  readonly run: string;
}

export const engineWords: Readonly<Record<Engine, EngineWords>> = {
  sqlite: {
    text: 'text',
    integer: 'integer',
    bigint: 'integer',
    counter: 'integer primary key autoincrement',
    end: 'strict',
    // The row is in the tree of its key: one search instead of two.
    endOfHotTable: 'strict, without rowid',
    trigger: ({ name, after, when, run }) => [
      `create trigger ${name} after ${after} ${when === null ? '' : `when ${when} `}begin ${run}; end`,
    ],
  },
  postgresql: {
    text: 'text collate "C"',
    integer: 'integer',
    bigint: 'bigint',
    counter: 'bigint generated always as identity primary key',
    end: '',
    // Leaves room in each page for a row's next version, so that its indexes need not be touched.
    endOfHotTable: 'with (fillfactor = 60)',
    trigger: ({ name, after, when, run }) => [
      `create function ${name}() returns trigger language plpgsql as $$ begin ${run}; return null; end $$`,
      `create trigger ${name} after ${after} for each row ${when === null ? '' : `when (${when}) `}execute function ${name}()`,
    ],
  },
};
