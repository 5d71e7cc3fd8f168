/** The real server as a process of its own: start, stop, kill, restart, and a clock that can be moved. @module */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  createWriteStream,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  type WriteStream,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { newLogFile, secret } from './run-folder.ts';

const mainFile = fileURLToPath(new URL('../../packages/server/bin/server.js', import.meta.url));
const startTimeoutMs = 60_000;

/** What a server is started with; everything left out is fresh and private to it. */
export interface ServerOptions {
  /** PostgreSQL to use; left out: SQLite in the data directory. */
  readonly databaseUrl?: string;
  /** A directory to share or to come back to; it is not removed at the end then. */
  readonly dataDir?: string;
  /** `null` lets the server make its own. */
  readonly adminPassword?: string | null;
  /** More environment, over the harness's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A server that answered `GET /readyz` with 200. */
export interface Server {
  /** `http://127.0.0.1:PORT`, the same after a restart. */
  readonly url: string;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly adminPassword: string;
  readonly pid: number;
  /** SIGTERM; resolves to the exit code, when all files it made are gone. */
  stop(): Promise<number | null>;
  /** SIGKILL; the data stays for `restart()`. */
  kill9(): Promise<void>;
  /** Starts again on the same port and data. @returns the exit code of the one drained before, `null` when it was killed */
  restart(): Promise<number | null>;
  /** Moves the server's clock forward; takes effect with its next look at the clock. */
  advance(ms: number): void;
  /** All it wrote to stdout and stderr so far. */
  logs(): string;
}

/** Starts the server and waits until it is ready. Whoever starts it stops it. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const ownDir = options.dataDir === undefined;
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'tessera-data-'));
  const adminPassword = options.adminPassword ?? newPassword();
  const clock = newClock();
  const logFile = newLogFile('server');
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    TESSERA_PORT: '0',
    TESSERA_HOST: '127.0.0.1',
    TESSERA_DATA_DIR: dataDir,
    TESSERA_TEST_CLOCK_FILE: clock.file,
    ...(options.adminPassword === null ? {} : { TESSERA_ADMIN_PASSWORD: adminPassword }),
    ...(options.databaseUrl === undefined ? {} : { TESSERA_DATABASE_URL: options.databaseUrl }),
    ...options.env,
  };
  // A server is no test: it must not speak the test runner's protocol on its stdout.
  delete env.NODE_TEST_CONTEXT;

  let running = await launch(env, logFile);
  env.TESSERA_PORT = new URL(running.url).port;
  const end = (signal: NodeJS.Signals): Promise<number | null> => endProcess(running.child, signal);
  return {
    url: running.url,
    dataDir,
    databaseUrl: options.databaseUrl ?? null,
    adminPassword,
    get pid() {
      return running.child.pid ?? -1;
    },
    async stop() {
      const code = await end('SIGTERM');
      rmSync(clock.file, { force: true });
      if (ownDir) rmSync(dataDir, { recursive: true, force: true });
      return code;
    },
    async kill9() {
      await end('SIGKILL');
    },
    async restart() {
      const code = await end('SIGTERM');
      running = await launchAgain(env, logFile);
      return code;
    },
    advance: clock.advance,
    logs: () => readFileSync(logFile, 'utf8'),
  };
}

/** A password that fits the default policy, registered as a secret. */
export function newPassword(): string {
  return secret(`Aa1!${randomBytes(12).toString('base64url')}`);
}

interface Clock {
  /** Holds the milliseconds by which the server's clock is ahead. */
  readonly file: string;
  advance(ms: number): void;
}

function newClock(): Clock {
  const file = join(tmpdir(), `tessera-clock-${process.pid}-${randomBytes(6).toString('hex')}`);
  let offsetMs = 0;
  const advance = (ms: number): void => {
    offsetMs += ms;
    // Renamed into place: the server never reads half a number.
    writeFileSync(`${file}.new`, String(offsetMs));
    renameSync(`${file}.new`, file);
  };
  advance(0);
  return { file, advance };
}

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
}

async function launch(env: NodeJS.ProcessEnv, logFile: string): Promise<Running> {
  const child = spawn(process.execPath, ['--conditions=source', mainFile], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stopWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', stopWithUs);
  child.once('exit', () => process.off('exit', stopWithUs));
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  child.once('close', () => log.end());
  try {
    const url = await listening(child, log, logFile);
    await ready(url);
    return { child, url };
  } catch (error) {
    await endProcess(child, 'SIGKILL');
    throw error;
  }
}

/** On the port of before, which somebody else on this machine may have been given meanwhile: they are waited for. */
async function launchAgain(env: NodeJS.ProcessEnv, logFile: string): Promise<Running> {
  const giveUpAtMs = Date.now() + startTimeoutMs;
  for (;;) {
    try {
      return await launch(env, logFile);
    } catch (error) {
      if (!String(error).includes(`port ${env.TESSERA_PORT} on `) || Date.now() > giveUpAtMs) throw error;
      await pause(100);
    }
  }
}

function listening(child: ChildProcess, log: WriteStream, logFile: string): Promise<string> {
  if (child.stdout === null) throw new Error('stdout is a pipe');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const timer = setTimeout(() => reject(new Error(`no "listening" line; see ${logFile}`)), startTimeoutMs);
  createInterface(child.stdout).on('line', (line) => {
    const url = addressIn(line);
    if (url !== null) resolve(url);
  });
  child.once('error', reject);
  log.once('finish', () => reject(new Error(`the server ended with ${child.exitCode}: ${tail(logFile)}`)));
  return promise.finally(() => clearTimeout(timer));
}

function addressIn(line: string): string | null {
  if (!line.startsWith('{')) return null;
  const entry = JSON.parse(line) as { msg?: unknown; url?: unknown };
  return entry.msg === 'listening' && typeof entry.url === 'string' ? entry.url : null;
}

function tail(logFile: string): string {
  return readFileSync(logFile, 'utf8').split('\n').slice(-20).join('\n');
}

async function ready(url: string): Promise<void> {
  const giveUpAtMs = Date.now() + startTimeoutMs;
  for (;;) {
    const { status, body } = await fetch(`${url}/readyz`);
    await body?.cancel();
    if (status === 200) return;
    if (Date.now() > giveUpAtMs) throw new Error(`${url}/readyz still answers ${status}`);
  }
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  }
  return child.exitCode;
}
