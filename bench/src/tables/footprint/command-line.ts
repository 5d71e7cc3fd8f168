/** How long the built command line takes to start. @module */
import type { Bench } from '../../bench.ts';
import { median } from '../../measure/statistics.ts';
import { below, shortNumber } from '../../report/table.ts';
import { buildBundle, commandLine } from '../../servers/built-command-line.ts';
import { emptyModule, runMs } from './empty-node.ts';
import type { FootprintRow } from './row.ts';

/** A process's start varies more than a slice of requests. */
const startsPerRound = 5;

export function commandLineRow({ folder, pace }: Bench): FootprintRow {
  using _built = buildBundle();
  const empty = emptyModule(folder);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < startsPerRound * pace.rounds; round++) {
    theirs.push(runMs([empty]));
    ours.push(runMs([commandLine, '--version']));
  }
  const [start, least] = [median(ours), median(theirs)];
  return {
    cells: [
      'tessera --version, bundled',
      `${shortNumber(start)} ms`,
      'empty Node',
      `${shortNumber(least)} ms`,
      `${(start / least).toFixed(2)} ×`,
    ],
    verdict: below('the command line starts later than an empty Node by', start - least, 40, 'ms'),
    notes: [],
  };
}
