/** The original library, from outside its process. @module */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { OriginalResult } from './original-library.ts';
import type { OriginalJob } from './original-main.ts';

export interface OriginalProcess {
  /** One job after the other. @returns for each call its result, or null: no answer came in time */
  run(job: OriginalJob): Promise<readonly (OriginalResult | null)[]>;
  end(): Promise<void>;
}

export function startOriginal(): OriginalProcess {
  const program = fileURLToPath(new URL('original-main.ts', import.meta.url));
  const child = fork(program, { stdio: 'ignore', execArgv: ['--no-warnings'] });
  const ended = once(child, 'exit');
  return {
    run: async (job) => {
      child.send(job);
      const [results] = (await Promise.race([
        once(child, 'message'),
        ended.then(() => Promise.reject(new Error('the original library ended its process'))),
      ])) as [readonly (OriginalResult | null)[]];
      return results;
    },
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
