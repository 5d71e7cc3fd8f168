/** The load generator, as a process of its own on a core of its own. @module */
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Contender, Slice } from '../measure/slice.ts';
import { spawnPinned } from '../servers/pinned-process.ts';
import type { Load } from './load.ts';
import type { Command, Report, Watched } from './messages.ts';

const mainFile = fileURLToPath(new URL('generator-main.ts', import.meta.url));

export class LoadGenerator implements Disposable {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<Slice>>();
  #lastId = 0;

  /** @param core the process runs on, and on no other */
  constructor(core: number) {
    this.#process = spawnPinned({ cores: [core], args: [mainFile], env: {}, messages: 'ipc' });
    this.#process.on('message', (report: Report) => this.#hear(report));
    this.#process.on('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the load generator ended'));
    });
  }

  /** Keeps the load's state from slice to slice: the tokens of its last answers. */
  contender(name: string, load: Load, watched: Watched): Contender {
    const id = ++this.#lastId;
    this.#tell({ kind: 'open', id, load, watched });
    return {
      name,
      measure: (seconds) => {
        const answer = Promise.withResolvers<Slice>();
        this.#waiting.set(id, answer);
        this.#tell({ kind: 'run', id, seconds });
        return answer.promise.catch((error: Error) => {
          throw new Error(`${name}: ${error.message}`);
        });
      },
    };
  }

  [Symbol.dispose](): void {
    this.#process.kill();
  }

  #tell(command: Command): void {
    this.#process.send(command);
  }

  #hear(report: Report): void {
    const answer = this.#waiting.get(report.id);
    if (report.kind === 'slice') answer?.resolve(report.slice);
    else answer?.reject(new Error(report.message));
  }
}
