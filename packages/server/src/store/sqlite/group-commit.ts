/** Writes that come in one turn of the event loop share one transaction, and so one flush of the disk. @module */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { DatabaseUnavailable } from '../database.ts';
import { translateError } from './errors.ts';

/** One caller's part of a group. */
export interface Job {
  /** Does its work inside the transaction. What it throws is its own: it must then have left nothing behind. */
  run(): void;
  /** Called when everything of the group is durable. */
  resolve(): void;
  reject(error: unknown): void;
}

export interface GroupEvents {
  /** Inside the transaction, before the first job. */
  began(): void;
  /** After a transaction of which nothing remains. */
  failed(): void;
}

export class GroupCommit {
  readonly #connection: DatabaseSync;
  readonly #events: GroupEvents;
  readonly #maxGroupSize: number;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  #queue: Job[] = [];

  constructor(connection: DatabaseSync, events: GroupEvents, maxGroupSize: number) {
    this.#connection = connection;
    this.#events = events;
    this.#maxGroupSize = maxGroupSize;
    this.#begin = connection.prepare('begin immediate');
    this.#commit = connection.prepare('commit');
  }

  enqueue(job: Job): void {
    if (this.#queue.length === 0) setImmediate(this.flush);
    this.#queue.push(job);
  }

  /** Runs everything that waits. Synchronous, so that no read ever sees a transaction half done. */
  readonly flush = (): void => {
    const jobs = this.#queue;
    this.#queue = [];
    for (let from = 0; from < jobs.length; from += this.#maxGroupSize)
      this.#runGroup(jobs.slice(from, from + this.#maxGroupSize));
  };

  #runGroup(jobs: readonly Job[]): void {
    let failures: Map<Job, unknown>;
    try {
      failures = this.#runTransaction(jobs);
    } catch (cause) {
      this.#rollBack();
      const error = new DatabaseUnavailable(causeOf(cause), { cause });
      for (const job of jobs) job.reject(error);
      return;
    }
    for (const job of jobs) {
      if (failures.size > 0 && failures.has(job)) job.reject(failures.get(job));
      else job.resolve();
    }
  }

  #runTransaction(jobs: readonly Job[]): Map<Job, unknown> {
    const failures = new Map<Job, unknown>();
    this.#begin.run();
    this.#events.began();
    for (const job of jobs) {
      try {
        job.run();
      } catch (thrown) {
        const error = translateError(thrown);
        // SQLite ends a transaction by itself when the disk fails: then the whole group is lost.
        if (error instanceof DatabaseUnavailable || !this.#connection.isTransaction) throw error;
        failures.set(job, error);
      }
    }
    this.#commit.run();
    return failures;
  }

  #rollBack(): void {
    try {
      if (this.#connection.isTransaction) this.#connection.exec('rollback');
    } finally {
      this.#events.failed();
    }
  }
}

function causeOf(thrown: unknown): string {
  const error = translateError(thrown);
  return error instanceof Error ? error.message : 'the database file cannot be used';
}
