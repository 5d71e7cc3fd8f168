/** The process that does nothing but hash passwords, as a contender. @module */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Contender, Slice } from '../measure/slice.ts';
import { spawnPinned } from './pinned-process.ts';

const mainFile = fileURLToPath(new URL('bare-argon2-main.ts', import.meta.url));

export async function startBareArgon2(
  name: string,
  cores: readonly number[],
): Promise<Contender & Disposable> {
  const child = spawnPinned({ cores, args: [mainFile], env: {}, messages: 'ipc' });
  await once(child, 'message');
  return {
    name,
    async measure(seconds) {
      const answer = once(child, 'message');
      child.send(seconds);
      const [slice] = (await answer) as [Slice];
      return slice;
    },
    [Symbol.dispose]: () => void child.kill(),
  };
}
