/** What the figures were measured on, in a line. @module */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../measure/statistics.ts';

export function describeMachine(): string {
  const flush = flushMs().toFixed(2);
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${new Date().toISOString().slice(0, 10)}, ${processor}, ${availableParallelism()} cores, Node ${process.versions.node}, SQLite ${process.versions.sqlite}, a flush of the disk takes ${flush} ms.`;
}

/** Median of flushes of one page, in the folder that the servers use. */
function flushMs(): number {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-bench-'));
  const file = openSync(join(folder, 'flush'), 'w');
  const page = Buffer.alloc(4096);
  const tookMs = Array.from({ length: 100 }, () => {
    writeSync(file, page);
    const startMs = performance.now();
    fdatasyncSync(file);
    return performance.now() - startMs;
  });
  closeSync(file);
  rmSync(folder, { recursive: true });
  return median(tookMs);
}
