/** Signing and verifying tokens, beside the libraries that do it. @module */
import { atLeast, shortNumber, type Table, type Verdict } from '../report/table.ts';
import { type TokenBenchRow, tokenBench } from '../token.ts';

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

function cellsOf({ work, perSecond, ratio }: TokenBenchRow): string[] {
  const rates = contenders.map((name) => shortNumber(perSecond[name] ?? Number.NaN));
  return [work, ...rates, `${ratio.toFixed(2)} ×`];
}

function verdictOf({ work, fastestPeer, ratio }: TokenBenchRow): Verdict {
  return atLeast(`${work} to ${fastestPeer}`, ratio, work.endsWith('cached') ? 3 : 1);
}
