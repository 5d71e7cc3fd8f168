/** How long the built command line takes to start. @module */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../../bench.ts';
import { median } from '../../measure/statistics.ts';
import { below, shortNumber } from '../../report/table.ts';
import { emptyModule, runMs } from './empty-node.ts';
import type { FootprintRow } from './row.ts';

const root = new URL('../../../../', import.meta.url);
const program = fileURLToPath(new URL('packages/cli/bin/tessera.js', root));
const bundle = fileURLToPath(new URL('packages/cli/dist/', root));
/** A process's start varies more than a slice of requests. */
const startsPerRound = 5;

export function commandLineRow({ folder, pace }: Bench): FootprintRow {
  using _built = buildBundle();
  const empty = emptyModule(folder);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < startsPerRound * pace.rounds; round++) {
    theirs.push(runMs([empty]));
    ours.push(runMs([program, '--version']));
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

/** Built as it is published; what was not there before goes again, so that the sources are what runs in this clone. */
function buildBundle(): Disposable {
  const wasBuilt = existsSync(bundle);
  const script = fileURLToPath(new URL('scripts/build.ts', root));
  const build = spawnSync(process.execPath, [script, 'cli'], { encoding: 'utf8' });
  if (build.status !== 0) throw new Error(`the command line does not build: ${build.stdout}${build.stderr}`);
  return {
    [Symbol.dispose]: () => {
      if (!wasBuilt) rmSync(bundle, { recursive: true });
    },
  };
}
