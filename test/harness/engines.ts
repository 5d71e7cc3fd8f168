/** The same suite on both databases: the embedded SQLite and a real PostgreSQL. @module */
import { describe } from 'node:test';
import { createDatabase } from './postgres.ts';
import { type Server, type ServerOptions, startServer } from './server.ts';

/** One of the two databases Tessera runs on. */
export interface Engine {
  readonly name: 'sqlite' | 'postgres';
  /** Starts a server with an empty database of its own; `stop()` removes the database too. */
  start(options?: ServerOptions): Promise<Server>;
}

const engines: readonly Engine[] = [
  { name: 'sqlite', start: startServer },
  { name: 'postgres', start: startOnPostgres },
];

/** Defines `suite` once for each engine; the names of its tests carry the engine's. */
export function forEachEngine(suite: (engine: Engine) => void): void {
  for (const engine of engines) describe(engine.name, () => suite(engine));
}

async function startOnPostgres(options: ServerOptions = {}): Promise<Server> {
  const database = await createDatabase();
  const server = await startServer({ ...options, databaseUrl: database.url });
  const stop = async (): Promise<number | null> => {
    const code = await server.stop();
    await database.drop();
    return code;
  };
  // Not a spread: `pid` changes with every restart.
  return Object.create(server, { stop: { value: stop } }) as Server;
}
