/** What hardly ever changes, kept in memory for as long as nobody wrote to where it came from. @module */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type { Holder } from '../../domain/holder.ts';
import type { SessionId, UserId } from '../../domain/ids.ts';
import type { NamedScope, Scope } from '../../domain/tenancy.ts';
import { type Configuration, configurationOf, configurationQueries } from '../configuration.ts';
import { type FactsRow, factsOf, factsQuery, type HolderFacts, holderAt } from '../holders.ts';
import { scopeKey } from '../places.ts';
import type { Tables } from '../schema.ts';
import { Places } from './places.ts';
import { RecentSessions } from './recent-sessions.ts';
import type { Statements } from './statements.ts';
import type { WriteTarget } from './write-target.ts';

/** Users kept, and roles of theirs; some hundred bytes each. */
const mostUsers = 20_000;
const mostRoles = 250_000;
/** Holders kept of one user, one for each scope that was asked for. */
const mostHolders = 32;

/** Tables that neither a holder nor the configuration is read from. */
const otherTables = new Set([
  'session_slots',
  'api_tokens',
  'audit',
  'guesses',
  'password_history',
  'password_policies',
  'second_factors',
  'recovery_codes',
  'revocations',
  'revocation_feed',
  'applications',
  'granted_tokens',
  'denied_tokens',
]);
const configurationTables = new Set(['configuration', 'settings', 'signing_keys']);

/** Of a user: what counts their attempts to sign in. Nothing of a holder is read from them. */
const countingColumns = new Set([
  'version',
  'failed_logins_count',
  'failed_logins_initial_attempt_at_ms',
  'last_failed_login_at_ms',
  'account_lockout_at_ms',
  'locked_until_ms',
  'logins_count',
  'last_login_at_ms',
]);

/** A user, and what they hold where it was asked for. */
interface Known {
  readonly facts: HolderFacts;
  readonly holders: Map<string, Holder>;
}

export class Cache {
  readonly #statements: Statements;
  readonly #queries: Kysely<Tables>;
  readonly #dataVersion: StatementSync;
  readonly #facts: StatementSync;
  readonly #places: Places;
  readonly #users = new Map<UserId, Known>();
  readonly recentSessions: RecentSessions = new RecentSessions();
  /** At least as many as there are. */
  #rolesKept = 0;
  #configuration: Configuration | null = null;
  #seenVersion = -1;

  constructor(connection: DatabaseSync, statements: Statements, queries: Kysely<Tables>) {
    this.#statements = statements;
    this.#queries = queries;
    this.#dataVersion = connection.prepare('pragma data_version');
    this.#dataVersion.setReturnArrays(true);
    this.#facts = connection.prepare(factsQuery(queries, '' as UserId).compile().sql);
    this.#places = new Places(connection, queries);
  }

  /** Forgets everything if another process has changed the file. */
  refresh(): void {
    const [version] = this.#dataVersion.get() as unknown as [number];
    if (version === this.#seenVersion) return;
    this.#seenVersion = version;
    this.forget();
  }

  forget(): void {
    this.#forgetHolders();
    this.recentSessions.forgetAll();
    this.#configuration = null;
  }

  #forgetHolders(): void {
    this.#users.clear();
    this.#rolesKept = 0;
    this.#places.forget();
  }

  /** To be called before every write of this process. Signing in writes to one user: it must not cost all others. */
  wroteTo({ table, id, columns, rows }: WriteTarget): void {
    if (table === null) this.forget();
    else if (table === 'sessions') this.#wroteToSessions(rows, id);
    else if (otherTables.has(table)) return;
    else if (configurationTables.has(table)) this.#configuration = null;
    else if (table === 'users' && columns?.every((column) => countingColumns.has(column))) return;
    else if (table === 'users' && id !== null) this.#users.delete(id as UserId);
    else this.#forgetHolders();
  }

  #wroteToSessions(rows: WriteTarget['rows'], id: string | null): void {
    if (rows === 'new') return;
    if (id === null) this.recentSessions.forgetAll();
    else this.recentSessions.forget(id as SessionId);
  }

  get rememberedConfiguration(): Configuration | null {
    return this.#configuration;
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

  /** A user in a scope as of the last {@link Cache.refresh}; null when they are gone. */
  holder(userId: UserId, scope: Scope | NamedScope): Holder | null {
    const known = this.#user(userId);
    if (known === null) return null;
    const isNamed = 'domain' in scope;
    const key = isNamed ? scopeKey(scope) : `${scope.domainId ?? ''}/${scope.tenantId ?? ''}`;
    const kept = known.holders.get(key);
    if (kept !== undefined) return kept;
    const place = isNamed ? this.#places.named(scope) : this.#places.of(scope);
    const holder = holderAt(known.facts, place);
    if (known.holders.size >= mostHolders) known.holders.clear();
    known.holders.set(key, holder);
    return holder;
  }

  #user(id: UserId): Known | null {
    const known = this.#users.get(id);
    if (known !== undefined) return known;
    const facts = factsOf(id, this.#facts.all(id) as unknown as FactsRow[]);
    if (facts === null) return null;
    if (this.#users.size >= mostUsers || this.#rolesKept >= mostRoles) {
      this.#users.clear();
      this.#rolesKept = 0;
    }
    this.#rolesKept += facts.roles.size;
    const read = { facts, holders: new Map() };
    this.#users.set(id, read);
    return read;
  }
}
