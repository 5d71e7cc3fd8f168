/** Runs one of the programs below `examples/` as a process. @module */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { newLogFile } from '../harness/run-folder.ts';

export interface Example {
  readonly url: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** Where the seed's program listens. */
const port = 10_001;
const root = new URL('../../', import.meta.url);

/** @param file below `examples/` */
export async function startExample(
  file: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Example> {
  await untilFree();
  const log = openSync(newLogFile('example'), 'a');
  const path = fileURLToPath(new URL(`examples/${file}`, root));
  const child = spawn(process.execPath, ['--conditions=source', path], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', log, log],
  });
  const exited = once(child, 'exit');
  await untilListening(child);
  return {
    url: `http://localhost:${port}`,
    process: child,
    async stop() {
      child.kill();
      await exited;
    },
  };
}

async function untilListening(child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null)
      throw new Error(`the example ended with ${child.exitCode} before it listened`);
    if (await isListening()) return;
    await pause(50);
  }
  child.kill();
  throw new Error('the example does not listen');
}

function isListening(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, 'localhost', () => resolve(true)).once('error', () =>
      resolve(false),
    );
    socket.unref().once('connect', () => socket.destroy());
  });
}

/** The port is the seed's, so another run on this machine may hold it for a while. */
async function untilFree(): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, () => server.close(() => resolve(true)));
    });
    if (isFree) return;
    await pause(50);
  }
  throw new Error(`port ${port} is in use`);
}
