/** Whether calls leave anything behind. @module */
import type { Bench } from '../bench.ts';
import { shortNumber, type Table } from '../report/table.ts';
import { startCallers } from './client.ts';

const parts = 10;
/** What a heap may differ by that does not grow. */
const tolerated = 1.1;

export async function clientHeapTable(bench: Bench): Promise<Table> {
  const { start } = await startCallers(bench);
  const tessera = start('tessera');
  const callsInPart = bench.size === 'full' ? 100_000 : 2_000;
  const mebibytes: number[] = [];
  for (let part = 0; part < parts; part++) {
    mebibytes.push((await tessera.heapAfter(callsInPart)) / 1024 / 1024);
  }
  const [, second = 0] = mebibytes;
  const last = mebibytes.at(-1) ?? Number.NaN;
  return {
    title: 'Heap of a client',
    method: `client.request with a cached token, 50 in flight; the heap in use after a full collection, every ${callsInPart.toLocaleString('en')} calls.`,
    columns: ['calls', 'heap MiB'],
    rows: mebibytes.map((heap, part) => [((part + 1) * callsInPart).toLocaleString('en'), shortNumber(heap)]),
    verdicts: [
      {
        what: `after ${(parts * callsInPart).toLocaleString('en')} calls, to after ${(2 * callsInPart).toLocaleString('en')}`,
        measured: `${(last / second).toFixed(2)} ×`,
        target: `≤ ${tolerated} ×`,
        isReached: last / second <= tolerated,
      },
    ],
    notes: [],
  };
}
