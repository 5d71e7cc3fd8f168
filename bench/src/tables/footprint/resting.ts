/** Memory of a server that rests. @module */
import { setTimeout as delay } from 'node:timers/promises';
import { residentMebibytes } from '../../measure/processor-time.ts';
import { below, shortNumber } from '../../report/table.ts';
import { serverCore } from '../../servers/cores.ts';
import { spawnPinned } from '../../servers/pinned-process.ts';
import { type Installation, startTessera } from '../../servers/tessera.ts';
import type { FootprintRow } from './row.ts';

const settleMs = 2000;

export async function restingRow(installation: Installation): Promise<FootprintRow> {
  await using server = await startTessera(installation);
  await fetch(`http://127.0.0.1:${server.port}/readyz`);
  const empty = spawnPinned({
    cores: [serverCore],
    args: ['--eval', 'setInterval(() => {}, 60_000)'],
    env: {},
    messages: 'none',
  });
  await delay(settleMs);
  const [ours, theirs] = [residentMebibytes(server.pid), residentMebibytes(empty.pid ?? -1)];
  empty.kill();
  return {
    cells: [
      'resident memory at rest',
      `${shortNumber(ours)} MiB`,
      'empty Node',
      `${shortNumber(theirs)} MiB`,
      `${(ours / theirs).toFixed(2)} ×`,
    ],
    verdict: below('resident memory at rest', ours, 120, 'MiB'),
    notes: [],
  };
}
