/** What every decision needs and hardly ever changes: settings and keys. A new object whenever any of it changed. @module */
import type { Compilable, Kysely, Selectable } from 'kysely';
import type { SigningKeyRecord } from '../domain/signing-key.ts';
import type { Database, Write } from './database.ts';
import type { SettingsTable, SigningKeysTable, Tables } from './schema.ts';
import { signingKeyOf } from './signing-keys.ts';
import { changesOne } from './write.ts';

export interface Configuration {
  /** Grows with every change by any node. */
  readonly version: number;
  /** Only what was set; absent names have their defaults. */
  readonly settings: ReadonlyMap<string, string>;
  /** Newest first. */
  readonly signingKeys: readonly SigningKeyRecord[];
}

/** Part of every write that changes a setting or a key. */
export function raiseConfigurationVersion(db: Database): Write {
  return changesOne(
    db.queries.updateTable('configuration').set((eb) => ({ version: eb('version', '+', 1) })),
  );
}

/** The three statements that a configuration is read by, for a driver to run in one snapshot. */
export interface ConfigurationQueries {
  readonly version: Compilable<{ version: number }>;
  readonly settings: Compilable<Selectable<SettingsTable>>;
  readonly signingKeys: Compilable<Selectable<SigningKeysTable>>;
}

export function configurationQueries(queries: Kysely<Tables>): ConfigurationQueries {
  return {
    version: queries.selectFrom('configuration').select('version'),
    settings: queries.selectFrom('settings').selectAll(),
    signingKeys: queries
      .selectFrom('signing_keys')
      .selectAll()
      .orderBy('created_at_ms', 'desc')
      .orderBy('kid', 'desc'),
  };
}

export function configurationOf(
  version: number,
  settings: readonly Selectable<SettingsTable>[],
  signingKeys: readonly Selectable<SigningKeysTable>[],
): Configuration {
  return {
    version,
    settings: new Map(settings.map(({ name, value }) => [name, value])),
    signingKeys: signingKeys.map(signingKeyOf),
  };
}
