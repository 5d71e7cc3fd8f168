/** Runs the same tests on both engines, each on a fresh database of its own. @module */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite } from 'node:test';
import { createDatabase } from '../../../../test/harness/postgres.ts';
import type { Database, Engine } from '../../src/store/database.ts';
import { insertDomain } from '../../src/store/domains.ts';
import { openDatabase } from '../../src/store/open.ts';
import { rootDomain, startMs } from './records.ts';

/** A fresh place for a database, that several connections can be opened to (on SQLite: one after the other). */
export interface Place {
  readonly engine: Engine;
  readonly url: string | null;
  readonly dataDir: string;
  open(options?: { maxGroupSize?: number }): Promise<Database>;
  /** Closes what was opened, removes everything. */
  remove(): Promise<void>;
}

export const engines: readonly Engine[] = ['sqlite', 'postgresql'];

export async function freshPlace(engine: Engine): Promise<Place> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tessera-store-'));
  const postgresql = engine === 'postgresql' ? await createDatabase() : null;
  const url = postgresql?.url ?? null;
  const opened: Database[] = [];
  const open: Place['open'] = async (options = {}) => {
    const db = await openDatabase({ url, dataDir, log: () => {}, clock: () => startMs, ...options });
    opened.push(db);
    return db;
  };
  const remove = async (): Promise<void> => {
    for (const db of opened) await db.close();
    await postgresql?.drop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { engine, url, dataDir, open, remove };
}

/** Declares `tests` once for each engine; they share one database, in which only the root domain is. */
export function onBothEngines(
  subject: string,
  tests: (store: { readonly db: Database; readonly place: Place }) => void,
): void {
  for (const engine of engines) {
    suite(`${subject} (${engine})`, () => {
      const store = {} as { db: Database; place: Place };
      before(async () => {
        store.place = await freshPlace(engine);
        store.db = await store.place.open();
        await store.db.write([insertDomain(store.db, rootDomain)]);
      });
      after(() => store.place.remove());
      tests(store);
    });
  }
}
