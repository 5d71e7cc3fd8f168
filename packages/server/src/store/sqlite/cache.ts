/** What hardly ever changes, kept in memory for as long as nobody wrote to where it came from. @module */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type { Holder } from '../../domain/holder.ts';
import type { UserId } from '../../domain/ids.ts';
import type { Session } from '../../domain/session.ts';
import { type Configuration, configurationOf, configurationQueries } from '../configuration.ts';
import { type HolderRow, holderOfRows, holderQuery } from '../holders.ts';
import type { Tables } from '../schema.ts';
import type { Statements } from './statements.ts';

/** Users whose holders are kept; some hundred bytes each. */
const mostUsers = 20_000;

/** Tables that neither a holder nor the configuration is read from. */
const ownTables = new Set([
  'sessions',
  'audit',
  'guesses',
  'password_history',
  'password_policies',
  'second_factors',
  'recovery_codes',
]);

export class Cache {
  readonly #statements: Statements;
  readonly #queries: Kysely<Tables>;
  readonly #dataVersion: StatementSync;
  readonly #holder: StatementSync;
  /** Which of user, domain and tenant each parameter of the holder's statement is. */
  readonly #holderParameters: readonly number[];
  /** A user's holders, one for each scope that was asked for. */
  readonly #holders = new Map<UserId, Holder[]>();
  #configuration: Configuration | null = null;
  #seenVersion = -1;

  constructor(connection: DatabaseSync, statements: Statements, queries: Kysely<Tables>) {
    this.#statements = statements;
    this.#queries = queries;
    this.#dataVersion = connection.prepare('pragma data_version');
    this.#dataVersion.setReturnArrays(true);
    const marks = ['user', 'domain', 'tenant'] as never[];
    const [user, domain, tenant] = marks as [never, never, never];
    const holder = holderQuery(queries, user, { domainId: domain, tenantId: tenant }).compile();
    this.#holder = connection.prepare(holder.sql);
    this.#holderParameters = holder.parameters.map((mark) => marks.indexOf(mark as never));
  }

  /** Forgets everything if another process has changed the file. */
  refresh(): void {
    const [version] = this.#dataVersion.get() as unknown as [number];
    if (version === this.#seenVersion) return;
    this.#seenVersion = version;
    this.forget();
  }

  forget(): void {
    this.#holders.clear();
    this.#configuration = null;
  }

  /** To be called for every table that this process writes to. */
  wroteTo(table: string | null): void {
    if (table === null || !ownTables.has(table)) this.forget();
  }

  configuration(): Configuration {
    this.#configuration ??= this.#readConfiguration();
    return this.#configuration;
  }

  #readConfiguration(): Configuration {
    const { version, settings, signingKeys } = configurationQueries(this.#queries);
    const [row] = this.#statements.all(version);
    return configurationOf(
      row?.version ?? 0,
      this.#statements.all(settings),
      this.#statements.all(signingKeys),
    );
  }

  /** The session's user as of now; null when they are gone. */
  holder(session: Session): Holder | null {
    const known = this.#holders.get(session.userId);
    if (known !== undefined)
      for (const holder of known)
        if (holder.domainId === session.domainId && holder.tenantId === session.tenantId) return holder;
    const holder = this.#readHolder(session);
    if (holder === null) return null;
    if (known !== undefined) known.push(holder);
    else {
      if (this.#holders.size >= mostUsers) this.#holders.clear();
      this.#holders.set(session.userId, [holder]);
    }
    return holder;
  }

  #readHolder(session: Session): Holder | null {
    const values = [session.userId, session.domainId, session.tenantId];
    const parameters = this.#holderParameters.map((index) => values[index] ?? null);
    const rows = this.#holder.all(...parameters) as unknown as HolderRow[];
    return holderOfRows(session.userId, session, rows);
  }
}
