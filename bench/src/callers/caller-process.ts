/** A caller as a process of its own, on a core of its own. @module */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Contender, Slice } from '../measure/slice.ts';
import { serverCore } from '../servers/cores.ts';
import { type RunningServer, spawnPinned } from '../servers/pinned-process.ts';
import type { CallerCommand } from './caller-main.ts';
import type { CallerName } from './callers.ts';

const mainFile = fileURLToPath(new URL('caller-main.ts', import.meta.url));

export class CallerProcess implements Disposable {
  readonly #process: ChildProcess;
  readonly #ready: Promise<unknown>;
  readonly #ended: Promise<never>;
  readonly #api: RunningServer;

  constructor(caller: CallerName, api: RunningServer, home: string) {
    const args = ['--expose-gc', mainFile, caller, String(api.port), home];
    this.#process = spawnPinned({ cores: [serverCore], args, env: {}, messages: 'ipc' });
    this.#ready = once(this.#process, 'message');
    this.#ended = once(this.#process, 'exit').then(() => Promise.reject(new Error(`${caller} ended`)));
    this.#ended.catch(() => {});
    this.#api = api;
  }

  contender(name: string, inFlight: number): Contender {
    const apiPid = this.#api.pid;
    return {
      name,
      measure: async (seconds) => (await this.#ask({ kind: 'run', seconds, inFlight, apiPid })) as Slice,
    };
  }

  /** Bytes in use on the heap after so many more calls. */
  async heapAfter(calls: number): Promise<number> {
    return (await this.#ask({ kind: 'heap', calls })) as number;
  }

  async #ask(command: CallerCommand): Promise<unknown> {
    await this.#ready;
    const answer = once(this.#process, 'message');
    this.#process.send(command);
    const [said] = (await Promise.race([answer, this.#ended])) as unknown[];
    return said;
  }

  [Symbol.dispose](): void {
    this.#process.kill();
  }
}
