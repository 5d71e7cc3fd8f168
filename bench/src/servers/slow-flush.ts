/** The library that makes flushes slow, compiled where there is a C compiler. @module */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../slow-flush.c', import.meta.url));

/** @returns its path, to be preloaded; null without a compiler */
export function buildSlowFlush(folder: string): string | null {
  const library = join(folder, 'slow-flush.so');
  const { status } = spawnSync(process.env.CC || 'cc', [
    '-shared',
    '-fPIC',
    '-O2',
    '-o',
    library,
    source,
    '-ldl',
  ]);
  return status === 0 ? library : null;
}
