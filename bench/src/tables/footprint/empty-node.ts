/** The limit of every start: a Node that runs nothing. @module */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverCore } from '../../servers/cores.ts';

/** @returns the path of an empty module */
export function emptyModule(folder: string): string {
  const file = join(folder, 'empty.mjs');
  writeFileSync(file, '');
  return file;
}

/**
 * Milliseconds from starting a Node process to its end.
 *
 * @throws when it fails
 */
export function runMs(args: readonly string[]): number {
  const startMs = performance.now();
  const run = spawnSync('taskset', ['-c', String(serverCore), process.execPath, ...args], {
    env: { ...process.env, NODE_OPTIONS: '' },
    encoding: 'utf8',
  });
  const tookMs = performance.now() - startMs;
  if (run.status !== 0) throw new Error(`node ${args.join(' ')} failed: ${run.stderr}`);
  return tookMs;
}
