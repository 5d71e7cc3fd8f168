/** Starts a guarded API as a process, and calls it. @module */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { GuardMetrics } from '@tessera/guard';
import { newLogFile } from '../harness/run-folder.ts';
import type { Setup } from './guarded-api-main.ts';

const mainFile = fileURLToPath(new URL('guarded-api-main.ts', import.meta.url));

export interface Called {
  readonly status: number;
  readonly challenge: string | null;
  readonly retryAfter: string | null;
  readonly expired: string | null;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects by assertions, not by types
  readonly body: any;
}

export interface GuardedApi {
  readonly pid: number;
  call(token: string | null, headers?: Readonly<Record<string, string>>): Promise<Called>;
  /** Calls until it answers so; the test's own time limit ends a wait in vain. */
  until(status: number, token: string, headers?: Readonly<Record<string, string>>): Promise<Called>;
  metrics(): Promise<GuardMetrics>;
  stop(): Promise<void>;
}

const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

export async function startGuardedApi(setup: Setup): Promise<GuardedApi> {
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const child = fork(mainFile, {
    env,
    execArgv: ['--conditions=source'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log = createWriteStream(newLogFile('guarded-api'));
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  // A test that failed before it stopped the API must not wait for it for ever.
  children.add(child);
  child.once('exit', () => children.delete(child));
  child.send(setup);
  const { port } = await said<{ port: number }>(child);
  child.unref();
  for (const held of [child.channel, child.stdout, child.stderr] as { unref?(): void }[]) held?.unref?.();
  const call: GuardedApi['call'] = async (token, headers = {}) => {
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(`http://127.0.0.1:${port}/api/user/me`, {
      headers: { ...authorization, ...headers },
    });
    const text = await answer.text();
    return {
      status: answer.status,
      challenge: answer.headers.get('www-authenticate'),
      retryAfter: answer.headers.get('retry-after'),
      expired: answer.headers.get('x-expired-token'),
      text,
      body: text === '' ? undefined : JSON.parse(text),
    };
  };
  return {
    pid: child.pid ?? -1,
    call,
    async until(status, token, headers) {
      for (;;) {
        const called = await call(token, headers);
        if (called.status === status) return called;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async metrics() {
      child.send('metrics');
      return (await said<{ metrics: GuardMetrics }>(child)).metrics;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.ref();
      child.disconnect();
      await exited;
    },
  };
}

async function said<Message>(child: ChildProcess): Promise<Message> {
  const over = new AbortController();
  const ended = once(child, 'exit', over).then(([code]) => {
    throw new Error(`the guarded API ended with ${code}`);
  });
  ended.catch(() => undefined);
  const [message] = (await Promise.race([once(child, 'message', over), ended])) as [Message];
  over.abort();
  return message;
}
