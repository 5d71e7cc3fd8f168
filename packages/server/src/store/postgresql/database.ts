/** The engine for many nodes: nothing is kept here that another node may change. @module */
import { setImmediate } from 'node:timers/promises';
import {
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type pg from 'pg';
import type { HeldSession, Holder } from '../../domain/holder.ts';
import type { SessionId, UserId } from '../../domain/ids.ts';
import type { NamedScope, Scope } from '../../domain/tenancy.ts';
import { type Configuration, configurationOf } from '../configuration.ts';
import type { Database, FoundSession, SessionChange, Write } from '../database.ts';
import { readHolder } from '../holders.ts';
import type { SettingsTable, SigningKeysTable, Tables } from '../schema.ts';
import { isImpossibleText, translateError } from './errors.ts';
import { requireOneRow, run, transact } from './pool.ts';
import { SessionGroups } from './session-groups.ts';

/** Compiles queries and runs none: this file does. */
const queries = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** One statement, so that settings, keys and version are of one moment. */
const selectConfiguration = `select version,
  (select coalesce(json_agg(s), '[]') from settings s) as settings,
  (select coalesce(json_agg(k order by k.created_at_ms desc, k.kid desc), '[]') from signing_keys k) as signing_keys
from configuration`;

interface ConfigurationRow {
  version: number;
  settings: SettingsTable[];
  signing_keys: SigningKeysTable[];
}

export class PostgresqlDatabase implements Database {
  readonly engine = 'postgresql';
  readonly queries: Kysely<Tables> = queries;
  readonly #pool: pg.Pool;
  readonly #sessions: SessionGroups;
  #configuration: Configuration | null = null;
  #asked: Promise<Configuration> | null = null;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
    this.#sessions = new SessionGroups(pool, (version) => this.#configurationOfVersion(version));
  }

  async read<Row>(query: Compilable<Row>): Promise<Row[]> {
    try {
      const { rows } = await run(this.#pool, query.compile());
      return rows as Row[];
    } catch (error) {
      if (isImpossibleText(error)) return [];
      throw translateError(error);
    }
  }

  async write(writes: readonly Write[]): Promise<void> {
    const statements = writes.map(({ query, mustChange }) => ({ query: query.compile(), mustChange }));
    const [first, ...more] = statements;
    if (first === undefined) return;
    if (more.length === 0 && first.mustChange === 'any') return this.#writeOne(first.query);
    await transact(this.#pool, async (client) => {
      for (const { query, mustChange } of statements) {
        const { rowCount } = await run(client, query);
        if (mustChange === 'one') requireOneRow(rowCount);
      }
    });
  }

  configuration(): Promise<Configuration> {
    this.#asked ??= this.#askForConfiguration();
    return this.#asked;
  }

  /** One question for all who ask in the same turn of the event loop. */
  async #askForConfiguration(): Promise<Configuration> {
    await setImmediate();
    // Whoever comes from now on must not be given an answer older than their call.
    this.#asked = null;
    const [row] = await this.read(queries.selectFrom('configuration').select('version'));
    return this.#configurationOfVersion(row?.version ?? 0);
  }

  rememberedConfiguration(): Configuration | null {
    return this.#configuration;
  }

  findHolder(userId: UserId, scope: Scope | NamedScope): Promise<Holder | null> {
    return readHolder(this, userId, scope);
  }

  findHeldSession(id: SessionId, scope: NamedScope | null = null): Promise<FoundSession | null> {
    const look = (held: HeldSession, configuration: Configuration) => ({
      session: null,
      result: { held, configuration },
    });
    return this.changeSession(id, look, scope);
  }

  changeSession<Result>(
    id: SessionId,
    decide: (held: HeldSession, configuration: Configuration) => SessionChange<Result>,
    scope: NamedScope | null = null,
  ): Promise<Result | null> {
    return new Promise((resolve, reject) => {
      this.#sessions.add({
        id,
        scope,
        decide,
        reject,
        lost: 0,
        resolve: (result) => resolve(result as Result | null),
      });
    });
  }

  async ping(): Promise<void> {
    await this.read(queries.selectFrom('configuration').select('version'));
  }

  async close(): Promise<void> {
    if (!this.#pool.ending) await this.#pool.end();
  }

  async #writeOne(query: ReturnType<Compilable['compile']>): Promise<void> {
    try {
      await run(this.#pool, query);
    } catch (error) {
      throw translateError(error);
    }
  }

  async #configurationOfVersion(version: number): Promise<Configuration> {
    if (this.#configuration?.version === version) return this.#configuration;
    const row = await this.#readConfiguration();
    const read = configurationOf(row?.version ?? 0, row?.settings ?? [], row?.signing_keys ?? []);
    // Two who read at once are to give the same object: it stands for its content.
    if (this.#configuration?.version !== read.version) this.#configuration = read;
    return this.#configuration ?? read;
  }

  async #readConfiguration(): Promise<ConfigurationRow | undefined> {
    try {
      const { rows } = await this.#pool.query<ConfigurationRow>(selectConfiguration);
      return rows[0];
    } catch (error) {
      throw translateError(error);
    }
  }
}
