/** The composition root: the only file that knows everyone. @module */
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { formatSets } from './app/access-token-formats.ts';
import { keyUses } from './app/key-uses.ts';
import { createClock } from './config/clock.ts';
import type { Config } from './config/config.ts';
import {
  findMasterKey,
  type MasterKey,
  MasterKeyError,
  makeMasterKey,
  masterKeyCheck,
  readMasterKey,
} from './crypto/master-key.ts';
import { createPasswordHasher } from './crypto/password.ts';
import { createRefreshTokens } from './crypto/refresh-token.ts';
import { createSealer } from './crypto/sealing.ts';
import { account } from './dialects/account/account.ts';
import { ciphertrust } from './dialects/ciphertrust/ciphertrust.ts';
import { wordRefusal } from './dialects/ciphertrust/errors.ts';
import { discovery } from './dialects/discovery/discovery.ts';
import { guards } from './dialects/guards/guards.ts';
import { nebularstack } from './dialects/nebularstack/nebularstack.ts';
import { nectarFormats } from './dialects/nectar/claims.ts';
import { nectar } from './dialects/nectar/nectar.ts';
import type { Problem } from './domain/problem.ts';
import type { TokenLives } from './domain/revocation.ts';
import { createHttpServer } from './http/http-server.ts';
import type { Log } from './http/log.ts';
import { Metrics } from './http/metrics.ts';
import { describeError } from './http/refuse-request.ts';
import { productVersion } from './http/version.ts';
import type { Core } from './operations/core.ts';
import { type BareCore, firstStart } from './operations/first-start.ts';
import { followRevocations } from './operations/follow-revocations.ts';
import { ensureSigningKeys } from './operations/signing-keys.ts';
import { sweep } from './operations/sweep.ts';
import { tokenLives } from './operations/token-lives.ts';
import { type Database, DatabaseUnavailable, DuplicateRow, WriteConflict } from './store/database.ts';
import { readInstallation } from './store/installation.ts';
import { openDatabase } from './store/open.ts';

/** A server that is ready to listen. */
export interface TesseraServer {
  readonly app: FastifyInstance;
  readonly core: Core;
  /** @returns the URL to reach it by */
  listen(): Promise<string>;
  /** Stops accepting, lets running requests finish for so long, then closes the database. */
  stop(deadlineMs: number): Promise<void>;
}

export interface ServerOptions {
  readonly config: Config;
  readonly log: Log;
  /** Called on the first start, before anything else can fail, when the administrator's password was made up. */
  readonly showPassword: (password: string) => void;
  /** Most writes that share one commit of the embedded database; left out: as many as there are. */
  readonly maxGroupSize?: number;
}

const sweepIntervalMs = 60_000;
const pingTimeoutMs = 2_000;
const idleCheckMs = 50;

/** Opens the database, and makes it an installation where it is empty. */
export async function createServer(options: ServerOptions): Promise<TesseraServer> {
  const { config, log, showPassword, maxGroupSize } = options;
  const clock = createClock(config.testClockFile);
  // A file that cannot be used is told before anything is opened.
  const foundKey = findMasterKey(config.masterKeyFile);
  const url = config.databaseUrl?.reveal() ?? null;
  const grouping = maxGroupSize === undefined ? {} : { maxGroupSize };
  const database = await openDatabase({ url, dataDir: config.dataDir, log, clock, ...grouping });
  try {
    const masterKey = foundKey ?? (await firstMasterKey(database, config.masterKeyFile));
    const bare: BareCore = { database, clock, passwords: createPasswordHasher() };
    const installationId = await start(bare, masterKey, config, showPassword);
    const address = { url: urlOf(config, config.port) };
    const core: Core = {
      ...bare,
      refreshTokens: createRefreshTokens(new Map([[1, masterKey.derive('refresh token mac 1')]])),
      sealer: createSealer(masterKey),
      // Where any free port was asked for, the port is known only once it listens.
      get issuer() {
        return config.issuer ?? address.url;
      },
      audience: config.audience ?? installationId,
      log,
    };
    await ensureSigningKeys(core, keyUses);
    return await serve(config, core, address, log);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** A lost key is not replaced: another would open nothing, and stand where the right one has to be put back. */
async function firstMasterKey(database: Database, file: string): Promise<MasterKey> {
  return (await readInstallation(database)) === null ? makeMasterKey(file) : readMasterKey(file);
}

async function start(
  bare: BareCore,
  masterKey: MasterKey,
  config: Config,
  showPassword: (password: string) => void,
): Promise<string> {
  const check = masterKeyCheck(masterKey);
  const given = config.adminPassword?.reveal() ?? null;
  const { installation, adminPassword } = await firstStart(bare, check, given);
  if (adminPassword !== null) showPassword(adminPassword);
  if (installation.masterKeyCheck === check) return installation.id;
  throw new MasterKeyError(
    `master key file ${config.masterKeyFile} is not the one this data was sealed with; set TESSERA_MASTER_KEY_FILE to that one`,
  );
}

async function serve(config: Config, core: Core, address: { url: string }, log: Log): Promise<TesseraServer> {
  const metrics = new Metrics();
  const counters = { renewed: 0 };
  addReadings(metrics, core, counters);
  const apiTokens = nectarFormats(config.nectar);
  const state = { isDraining: false };
  const formats = formatSets(apiTokens);
  const lives = tokenLives(formats.flat(), config.nebularstack.v1MaximumSeconds);
  const follower = followRevocations(core, lives);
  metrics.add({
    name: 'tessera_guards_waiting',
    help: 'Guards that wait to be told of revocations.',
    type: 'gauge',
    read: () => follower.waiting,
  });
  const app = await createHttpServer({
    tls: config.tls,
    trustedProxies: config.proxy?.trusted ?? [],
    dialects: [
      ciphertrust(core, counters),
      discovery(core, wordRefusal),
      ...nebularstack(core, config.nebularstack),
      nectar(core, { formats: apiTokens, options: config.nectar, counters }),
      account(core, {
        formats,
        basic: config.nectar.basic,
        apiTokens: { format: apiTokens.usual, rules: config.nectar },
      }),
      guards(core, { follower, formats }),
    ],
    face: wordRefusal,
    findProblem,
    log,
    logRequests: config.logLevel === 'debug' ? 'each' : 'slow',
    metrics,
    version: productVersion,
    unreadiness: () => (state.isDraining ? Promise.resolve('draining') : unreadinessOf(core.database)),
  });
  await app.ready();
  const sweeping = setInterval(() => void sweepOnce(core, lives), sweepIntervalMs).unref();
  return {
    app,
    core,
    async listen() {
      await app.listen({ host: config.host, port: config.port });
      address.url = urlOf(config, (app.server.address() as AddressInfo).port);
      return address.url;
    },
    async stop(deadlineMs) {
      state.isDraining = true;
      clearInterval(sweeping);
      follower.close();
      await drain(app, deadlineMs);
      await core.database.close();
    },
  };
}

/** Connections that were busy when closing began stay open when their answer is out, unless they are looked for. */
async function drain(app: FastifyInstance, deadlineMs: number): Promise<void> {
  const idle = setInterval(() => app.server.closeIdleConnections(), idleCheckMs);
  const late = setTimeout(() => app.server.closeAllConnections(), deadlineMs);
  await app.close();
  clearInterval(idle);
  clearTimeout(late);
}

function addReadings(metrics: Metrics, core: Core, counters: { renewed: number }): void {
  metrics.add({
    name: 'tessera_password_hashes_pending',
    help: 'Password hashes that run or wait.',
    type: 'gauge',
    read: core.passwords.depth,
  });
  metrics.add({
    name: 'tessera_refresh_tokens_renewed_total',
    help: 'Refresh tokens renewed by this server.',
    type: 'counter',
    read: () => counters.renewed,
  });
}

/** What of the store's refusals a client should hear about. */
function findProblem(error: unknown): Problem | null {
  if (error instanceof DatabaseUnavailable) return { kind: 'unavailable', reason: 'database_unavailable' };
  if (error instanceof WriteConflict) return { kind: 'unavailable', reason: 'write_conflict' };
  if (error instanceof DuplicateRow) return { kind: 'conflict', reason: 'duplicate_row' };
  return null;
}

async function unreadinessOf(database: Database): Promise<string | null> {
  const late = delay(pingTimeoutMs, 'database does not answer', { ref: false });
  const answered = database.ping().then(
    () => null,
    () => 'database unavailable',
  );
  return await Promise.race([answered, late]);
}

async function sweepOnce(core: Core, tokenLives: TokenLives): Promise<void> {
  try {
    await sweep(core, { keyUses, tokenLives });
  } catch (error) {
    core.log('warn', 'sweeping failed; it is tried again', { error: describeError(error) });
  }
}

/** A server that listens everywhere is reached by this machine's name for itself. */
function urlOf({ tls, host }: Config, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `${tls === null ? 'http' : 'https'}://${name}:${port}`;
}
