/** The same suite on both databases: the embedded SQLite and a real PostgreSQL. @module */
import { after, before, describe } from 'node:test';
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

/** Behind a proxy, so that a call may come from an address of its own. */
export const behindProxy = { TESSERA_TLS_PROXY: 'true', TESSERA_TRUST_PROXY: '127.0.0.1' };

/** Defines `suite` once for each engine, with a fresh server that all its tests share in the order written. */
export function onEachServer(suite: (server: () => Server) => void, options: ServerOptions = {}): void {
  forEachEngine((engine) => {
    let server: Server;
    before(async () => {
      server = await engine.start(options);
    });
    after(async () => {
      await server?.stop();
    });
    suite(() => server);
  });
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
