/** Tessera's own server, as `npm start` runs it, and the data it runs on. @module */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, createLog, createServer, loadConfig, type TesseraServer } from '@tessera/server';
import { serverCore } from './cores.ts';
import { type RunningServer, startPinned } from './pinned-process.ts';
import { type Seeded, type SeedOptions, seed } from './seed.ts';

const mainFile = fileURLToPath(new URL('../../../packages/server/bin/server.js', import.meta.url));

/** Of the administrator and of every seeded user. */
export const password = 'Bench-mark-1';

export interface Installation extends Seeded {
  readonly dataDir: string;
  /** Null: SQLite in the data directory. */
  readonly databaseUrl: string | null;
}

export interface InstallOptions extends SeedOptions {
  /** A folder that is not there yet. */
  readonly dataDir: string;
  readonly databaseUrl: string | null;
}

/** Makes an installation with users and sessions in it, while no server runs. */
export async function install(options: InstallOptions): Promise<Installation> {
  const { dataDir, databaseUrl } = options;
  const server = await openServer(options);
  try {
    return { dataDir, databaseUrl, ...(await seed(server, password, options)) };
  } finally {
    await server.stop(0);
  }
}

type Place = Pick<Installation, 'dataDir' | 'databaseUrl'>;

/** The server within this process, not listening. */
export async function openServer(place: Place): Promise<TesseraServer> {
  const log = createLog('error', 'json', process.stderr);
  return createServer({ config: await configOf(place), log, showPassword: () => {} });
}

export async function configOf({ dataDir, databaseUrl }: Place): Promise<Config> {
  const env = environment(dataDir, databaseUrl);
  return await loadConfig({ env, workingDirectory: dataDir, configFile: null });
}

function environment(dataDir: string, databaseUrl: string | null): Record<string, string> {
  return {
    TESSERA_PORT: '0',
    TESSERA_HOST: '127.0.0.1',
    TESSERA_DATA_DIR: dataDir,
    TESSERA_ADMIN_PASSWORD: password,
    ...(databaseUrl === null ? {} : { TESSERA_DATABASE_URL: databaseUrl }),
  };
}

export interface StartOptions {
  readonly cores?: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of the server's own. */
  readonly mainFile?: string;
}

export function startTessera(
  { dataDir, databaseUrl }: Installation,
  options: StartOptions = {},
): Promise<RunningServer> {
  return startPinned({
    cores: options.cores ?? [serverCore],
    args: [options.mainFile ?? mainFile],
    env: { ...environment(dataDir, databaseUrl), ...options.env },
  });
}

/** The file that holds the installation's rows, where it is SQLite's. */
export function databaseFileOf({ dataDir }: Installation): string {
  return join(dataDir, 'tessera.db');
}
