/** Runs the server from its configuration to its orderly end. @module */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { createServer, type TesseraServer } from '../app.ts';
import { type Config, ConfigError } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Environment } from '../config/read-texts.ts';
import { createLog, type Log } from '../http/log.ts';
import { loginCommand, showPassword, welcome } from './announce.ts';
import { settleMemory } from './settle-memory.ts';
import { startFailure } from './start-failure.ts';

/** What of a stream is needed. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface RunOptions {
  /** Wins over TESSERA_CONFIG. */
  readonly configFile?: string;
  readonly env: Environment;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** How long running requests may take to finish after SIGTERM. */
const drainMs = 10_000;

/**
 * Listens until SIGTERM or SIGINT.
 *
 * @returns the exit code: 0 after a drain, 1 when it could not start, 2 for a wrong configuration
 */
export async function runServer(options: RunOptions): Promise<number> {
  const { stdout, stderr } = options;
  // Node keeps four threads for password hashes whatever the machine has; it reads this when it first needs one.
  process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism()));
  const stopped = stopSignal();
  let config: Config | null = null;
  try {
    config = await loadConfig({
      env: options.env,
      workingDirectory: process.cwd(),
      configFile: options.configFile ?? null,
    });
    const log = createLog(config.logLevel, stdout.isTTY ? 'text' : 'json', stdout);
    const server = await createServer({
      config,
      log,
      showPassword: (password) => showPassword(stdout, password),
    });
    await listen(server, config, log, stdout);
    const stopSettling = settleMemory();
    const signal = await stopped.received;
    stopSettling();
    log('info', 'draining', { signal });
    await server.stop(drainMs);
    log('info', 'stopped', {});
    return 0;
  } catch (error) {
    if (error instanceof ConfigError) {
      stderr.write(error.faults.map((fault) => `tessera: ${fault}\n`).join(''));
      return 2;
    }
    const { code, message } = startFailure(error, config);
    stderr.write(`tessera: ${message}\n`);
    return code;
  } finally {
    stopped.forget();
  }
}

async function listen(server: TesseraServer, config: Config, log: Log, stdout: Output): Promise<void> {
  try {
    const url = await server.listen();
    if (stdout.isTTY) stdout.write(welcome(url, config));
    else log('info', 'listening', { url, next: loginCommand(url) });
  } catch (error) {
    await server.stop(0);
    throw error;
  }
}

/** Listened for from the beginning, so that a signal during the start is not lost. */
function stopSignal(): { received: Promise<string>; forget: () => void } {
  const watch = new AbortController();
  const wait = async (signal: NodeJS.Signals): Promise<string> => {
    await once(process, signal, { signal: watch.signal });
    return signal;
  };
  const received = Promise.race([wait('SIGTERM'), wait('SIGINT')]);
  received.catch(() => {});
  return { received, forget: () => watch.abort() };
}
