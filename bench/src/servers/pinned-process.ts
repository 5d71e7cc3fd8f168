/** Node processes bound to cores of their own. @module */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface PinnedOptions {
  readonly cores: readonly number[];
  /** For node, the file first. */
  readonly args: readonly string[];
  /** Over this process's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly messages: 'ipc' | 'none';
}

// Each server that runs listens for the end of this process.
process.setMaxListeners(32);

/** Ends with this process at the latest. */
export function spawnPinned({ cores, args, env, messages }: PinnedOptions): ChildProcess {
  const node = [process.execPath, '--conditions=source', ...args];
  const child = spawn('taskset', ['-c', cores.join(','), ...node], {
    env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '', ...env },
    stdio: messages === 'ipc' ? ['ignore', 'inherit', 'inherit', 'ipc'] : ['ignore', 'pipe', 'pipe'],
  });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  return child;
}

/** A server that listens. */
export interface RunningServer extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  /** The JSON line by which it said so. */
  readonly announcement: Readonly<Record<string, unknown>>;
}

const startTimeoutMs = 30_000;

/**
 * Starts a server that says `{"msg":"listening","url":"http://…"}` on its standard output once it listens.
 *
 * @throws when it ends before, with what it wrote
 */
export async function startPinned(options: Omit<PinnedOptions, 'messages'>): Promise<RunningServer> {
  const child = spawnPinned({ ...options, messages: 'none' });
  const announcement = await announced(child);
  return {
    pid: child.pid ?? -1,
    port: Number(new URL(String(announcement.url)).port),
    announcement,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function announced(child: ChildProcess): Promise<Record<string, unknown>> {
  if (child.stdout === null || child.stderr === null) throw new Error('both outputs are pipes');
  const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
  const written: string[] = [];
  child.stderr.on('data', (text: Buffer) => written.push(text.toString()));
  createInterface(child.stdout).on('line', (line) => {
    const said = line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : {};
    if (said.msg === 'listening') resolve(said);
    else written.push(`${line}\n`);
  });
  child.once('error', reject);
  child.once('close', (code) => reject(new Error(`a server ended with ${code}: ${written.join('')}`)));
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    reject(new Error(`a server did not start: ${written.join('')}`));
  }, startTimeoutMs);
  return promise.finally(() => clearTimeout(timer));
}
