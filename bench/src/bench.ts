/** What every table is made with. @module */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pace } from './measure/interleave.ts';

export type Size = 'full' | 'quick';

export interface Bench {
  readonly size: Size;
  readonly pace: Pace;
  /** For this table's files; on the disk whose flushes are measured. */
  readonly folder: string;
  /** Ended, last one first, when the table is made. */
  readonly things: AsyncDisposableStack;
}

const paces: Readonly<Record<Size, Pace>> = {
  full: { rounds: 7, sliceSeconds: 1, warmUpSeconds: 1.5, repeats: 8 },
  quick: { rounds: 1, sliceSeconds: 0.4, warmUpSeconds: 0.3, repeats: 0 },
};

export function openBench(size: Size): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-bench-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const things = new AsyncDisposableStack();
  process.once('exit', remove);
  things.defer(() => {
    remove();
    process.off('exit', remove);
  });
  return { size, pace: paces[size], folder, things };
}
