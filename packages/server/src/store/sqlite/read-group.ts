/** Lookups that come in one turn of the event loop share one snapshot: taking it costs more than a lookup. @module */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** One caller's lookup. */
export interface Lookup {
  /** Answers its caller; what it throws is its own. */
  run(): void;
  reject(error: unknown): void;
}

export class ReadGroup {
  readonly #begin: StatementSync;
  readonly #end: StatementSync;
  readonly #began: () => void;
  #queue: Lookup[] = [];

  /** @param began called inside the snapshot, before the first lookup */
  constructor(connection: DatabaseSync, began: () => void) {
    this.#begin = connection.prepare('begin');
    this.#end = connection.prepare('commit');
    this.#began = began;
  }

  enqueue(lookup: Lookup): void {
    if (this.#queue.length === 0) setImmediate(this.flush);
    this.#queue.push(lookup);
  }

  readonly flush = (): void => {
    const lookups = this.#queue;
    if (lookups.length === 0) return;
    this.#queue = [];
    try {
      this.#begin.run();
      try {
        this.#began();
        for (const lookup of lookups) runAlone(lookup);
      } finally {
        this.#end.run();
      }
    } catch (error) {
      // Those that were answered already stay so.
      for (const lookup of lookups) lookup.reject(error);
    }
  };
}

function runAlone(lookup: Lookup): void {
  try {
    lookup.run();
  } catch (error) {
    lookup.reject(error);
  }
}
