/** What both engines offer: reads, all-or-nothing writes, and the few hot statements. @module */
import type { Compilable, Kysely } from 'kysely';
import type { HeldSession, Holder } from '../domain/holder.ts';
import type { SessionId, UserId } from '../domain/ids.ts';
import type { Session } from '../domain/session.ts';
import type { NamedScope, Scope } from '../domain/tenancy.ts';
import type { Configuration } from './configuration.ts';
import type { Tables } from './schema.ts';

/** One finished statement of a write. */
export interface Write {
  readonly query: Compilable;
  /** `one`: the whole write fails with {@link WriteConflict} unless the statement changes exactly one row. */
  readonly mustChange: 'one' | 'any';
}

/** A statement that had to change one row found it changed or gone: read again, decide again. */
export class WriteConflict extends Error {
  override readonly name = 'WriteConflict';
}

/** A row with this unique value is there already. */
export class DuplicateRow extends Error {
  override readonly name = 'DuplicateRow';
}

/** The database cannot be reached, is full, or is read-only; nothing was written. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

/** The database cannot be used at all as things stand; the message is a sentence for the operator. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused';
}

export type Engine = 'sqlite' | 'postgresql';

/** What a decision about a session leads to: the row to write, or null, and what else is written with it. */
export interface SessionChange<Result> {
  readonly session: Session | null;
  readonly writes?: readonly Write[];
  readonly result: Result;
}

/** A session as it was found, and the configuration of that moment. */
export interface FoundSession {
  readonly held: HeldSession;
  readonly configuration: Configuration;
}

export interface Database {
  readonly engine: Engine;
  /** Builds queries; {@link Database.read} and {@link Database.write} run them. */
  readonly queries: Kysely<Tables>;
  read<Row>(query: Compilable<Row>): Promise<Row[]>;
  /**
   * Executes statements together: all or none, durable when it resolves.
   *
   * @throws {WriteConflict | DuplicateRow | DatabaseUnavailable} with nothing written
   */
  write(writes: readonly Write[]): Promise<void>;
  /** Settings and keys as they are now: never older than the call. */
  configuration(): Promise<Configuration>;
  /** Settings and keys as they were read last, at no cost: perhaps not as they are now. Null: not known. */
  rememberedConfiguration(): Configuration | null;
  /** A user in a scope, as both are now: never older than the call. Null when there is no such user. */
  findHolder(userId: UserId, scope: Scope | NamedScope): Promise<Holder | null>;
  /**
   * A session with its holder, and the configuration of that moment.
   *
   * @param scope what the holder's roles are computed for; null or left out: the session's own scope
   */
  findHeldSession(id: SessionId, scope?: NamedScope | null): Promise<FoundSession | null>;
  /**
   * Loads a session, decides, and writes only if nobody has changed it in between; else decides again.
   *
   * `decide` is pure and may be called more than once. Null when there is no such session.
   *
   * @param scope as in {@link Database.findHeldSession}
   */
  changeSession<Result>(
    id: SessionId,
    decide: (held: HeldSession, configuration: Configuration) => SessionChange<Result>,
    scope?: NamedScope | null,
  ): Promise<Result | null>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
