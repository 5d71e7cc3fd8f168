/** Settings in the database: only what was set. @module */
import { raiseConfigurationVersion } from './configuration.ts';
import type { Database, Write } from './database.ts';
import { changesAny } from './write.ts';

/** Read them by {@link Database.configuration}. */
export function setSetting(db: Database, name: string, value: string): Write[] {
  const upsert = db.queries
    .insertInto('settings')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }));
  return [changesAny(upsert), raiseConfigurationVersion(db)];
}

/** Back to the default. */
export function resetSetting(db: Database, name: string): Write[] {
  return [
    changesAny(db.queries.deleteFrom('settings').where('name', '=', name)),
    raiseConfigurationVersion(db),
  ];
}
