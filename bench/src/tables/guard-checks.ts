/** What a guard's decision costs without a server: at first sight, and remembered. @module */
import { guardChecks } from '../guard-checks.ts';
import type { OperationsRow } from '../measure/operations.ts';
import { atLeast, below, shortNumber, type Table } from '../report/table.ts';

export async function guardChecksTable(): Promise<Table> {
  const { firstSight, remembered, hitRate, bytesPerToken } = await guardChecks();
  return {
    title: 'Decisions of a guard',
    method:
      'Decisions a second in one process, from the headers of a request to the principal. At first sight beside the signature alone by node:crypto, which reads no claim; 10,000 live ES256 tokens in turn beside fast-jwt with a cache as large.',
    columns: ['', 'tessera', 'node:crypto', 'fast-jwt', 'ratio'],
    rows: [...firstSight, remembered].map(cellsOf),
    verdicts: [
      ...firstSight.map(({ work, ratio }) => atLeast(`${work}, to node:crypto`, ratio, 0.9)),
      atLeast('10,000 live tokens, to fast-jwt', remembered.ratio, 3),
      atLeast('hit rate of 10,000 live tokens', hitRate, 1),
      below('memory for a remembered token', bytesPerToken / 1000, 4, 'kB'),
    ],
    notes: [],
  };
}

function cellsOf({ work, perSecond, ratio }: OperationsRow): string[] {
  const rates = ['tessera', 'node:crypto', 'fast-jwt'].map((name) =>
    shortNumber(perSecond[name] ?? Number.NaN),
  );
  return [work, ...rates, `${ratio.toFixed(2)} ×`];
}
