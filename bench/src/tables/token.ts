/** Signing and verifying tokens, beside the libraries that do it. @module */

import type { OperationsRow } from '../measure/operations.ts';
import { atLeast, shortNumber, type Table, type Verdict } from '../report/table.ts';
import { tokenBench } from '../token.ts';

const contenders = ['tessera', 'jose', 'jsonwebtoken', 'fast-jwt'];

export async function tokenTable(): Promise<Table> {
  const rows = await tokenBench();
  return {
    title: 'Tokens',
    method:
      'Operations a second in one process, @tessera/token beside the libraries; interleaved rounds, medians.',
    columns: ['', ...contenders, 'to the fastest'],
    rows: rows.map(cellsOf),
    verdicts: rows.map(verdictOf),
    notes: [],
  };
}

function cellsOf({ work, perSecond, ratio }: OperationsRow): string[] {
  const rates = contenders.map((name) => shortNumber(perSecond[name] ?? Number.NaN));
  return [work, ...rates, `${ratio.toFixed(2)} ×`];
}

function verdictOf({ work, fastestPeer, ratio }: OperationsRow): Verdict {
  return atLeast(`${work} to ${fastestPeer}`, ratio, work.endsWith('cached') ? 3 : 1);
}
