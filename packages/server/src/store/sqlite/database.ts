/** The embedded engine: one file, one connection, on the main thread. @module */
import type { DatabaseSync } from 'node:sqlite';
import {
  type Compilable,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { HeldSession, Holder } from '../../domain/holder.ts';
import type { SessionId, UserId } from '../../domain/ids.ts';
import type { NamedScope, Scope } from '../../domain/tenancy.ts';
import type { Configuration } from '../configuration.ts';
import {
  type Database,
  DatabaseUnavailable,
  type FoundSession,
  type SessionChange,
  type Write,
} from '../database.ts';
import type { Tables } from '../schema.ts';
import { Cache } from './cache.ts';
import { translateError } from './errors.ts';
import { GroupCommit, type Job } from './group-commit.ts';
import { ChangeSessionJob, type Workshop, WriteJob } from './jobs.ts';
import { ReadGroup } from './read-group.ts';
import { SessionStatements } from './session-statements.ts';
import { Statements } from './statements.ts';

/** Compiles queries and runs none: this file does. */
const queries = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

export interface SqliteOptions {
  /** Most writes that share one commit. */
  readonly maxGroupSize: number;
  /** Called once, after the last write. */
  readonly onClose: () => void;
}

export class SqliteDatabase implements Database {
  readonly engine = 'sqlite';
  readonly queries: Kysely<Tables> = queries;
  readonly #workshop: Workshop;
  readonly #group: GroupCommit;
  readonly #lookups: ReadGroup;
  readonly #onClose: () => void;

  constructor(connection: DatabaseSync, options: SqliteOptions) {
    const statements = new Statements(connection);
    const cache = new Cache(connection, statements, queries);
    const sessions = new SessionStatements(connection, cache.recentSessions);
    const savepoint = {
      set: connection.prepare('savepoint job'),
      release: connection.prepare('release job'),
    };
    this.#workshop = { connection, statements, cache, sessions, savepoint };
    const events = { began: () => cache.refresh(), failed: () => cache.forget() };
    this.#group = new GroupCommit(connection, events, options.maxGroupSize);
    this.#lookups = new ReadGroup(connection, () => cache.refresh());
    this.#onClose = options.onClose;
  }

  async read<Row>(query: Compilable<Row>): Promise<Row[]> {
    return this.#reading(() => this.#workshop.statements.all(query));
  }

  write(writes: readonly Write[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#enqueue(new WriteJob(this.#workshop, writes, resolve, reject));
    });
  }

  async configuration(): Promise<Configuration> {
    const { cache } = this.#workshop;
    return this.#reading(() => {
      cache.refresh();
      return cache.configuration();
    });
  }

  rememberedConfiguration(): Configuration | null {
    return this.#workshop.cache.rememberedConfiguration;
  }

  async findHolder(userId: UserId, scope: Scope | NamedScope): Promise<Holder | null> {
    const { cache } = this.#workshop;
    return this.#reading(() => {
      cache.refresh();
      return cache.holder(userId, scope);
    });
  }

  findHeldSession(id: SessionId, scope: NamedScope | null = null): Promise<FoundSession | null> {
    return new Promise((resolve, reject) => {
      this.#lookUp(() => resolve(this.#findHeldSession(id, scope)), reject);
    });
  }

  changeSession<Result>(
    id: SessionId,
    decide: (held: HeldSession, configuration: Configuration) => SessionChange<Result>,
    scope: NamedScope | null = null,
  ): Promise<Result | null> {
    return new Promise((resolve, reject) => {
      this.#enqueue(new ChangeSessionJob(this.#workshop, { id, scope, decide }, resolve, reject));
    });
  }

  async ping(): Promise<void> {
    this.#reading(() => this.#workshop.connection.exec('select version from configuration'));
  }

  async close(): Promise<void> {
    if (!this.#workshop.connection.isOpen) return;
    this.#group.flush();
    this.#lookups.flush();
    this.#workshop.connection.close();
    this.#onClose();
  }

  #enqueue(job: Job): void {
    if (this.#workshop.connection.isOpen) this.#group.enqueue(job);
    else job.reject(new DatabaseUnavailable('the database is closed'));
  }

  #lookUp(run: () => void, reject: (error: unknown) => void): void {
    if (this.#workshop.connection.isOpen)
      this.#lookups.enqueue({ run, reject: (error) => reject(translateError(error)) });
    else reject(new DatabaseUnavailable('the database is closed'));
  }

  #findHeldSession(id: SessionId, scope: NamedScope | null): FoundSession | null {
    const { cache, sessions } = this.#workshop;
    const session = sessions.find(id);
    const holder = session && cache.holder(session.userId, scope ?? session);
    return holder && session && { held: { session, holder }, configuration: cache.configuration() };
  }

  #reading<Result>(read: () => Result): Result {
    if (!this.#workshop.connection.isOpen) throw new DatabaseUnavailable('the database is closed');
    try {
      return read();
    } catch (error) {
      throw translateError(error);
    }
  }
}
