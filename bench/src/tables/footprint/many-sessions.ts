/** What a refresh costs with few and with many sessions in the database. @module */
import { join } from 'node:path';
import type { Bench } from '../../bench.ts';
import { LoadGenerator } from '../../load/load-generator.ts';
import { compare, figuresOf } from '../../measure/comparison.ts';
import { interleave, type Measured } from '../../measure/interleave.ts';
import type { Contender } from '../../measure/slice.ts';
import { disturbanceNotes } from '../../report/load-rows.ts';
import { below, shortNumber } from '../../report/table.ts';
import { tesseraRenewal } from '../../servers/contenders.ts';
import { loadCore } from '../../servers/cores.ts';
import { install, startTessera } from '../../servers/tessera.ts';
import type { FootprintRow } from './row.ts';

const connections = 32;
/** All of the few, spread over the many. */
const refreshed = 9984;
const few = 10_000;

export async function manySessionsRow(bench: Bench): Promise<FootprintRow> {
  const many = bench.size === 'full' ? 1_000_000 : 100_000;
  await using things = new AsyncDisposableStack();
  const generator = things.use(new LoadGenerator(loadCore));
  const contenders = [
    await renewals(bench, things, generator, many),
    await renewals(bench, things, generator, few),
  ];
  const result = await interleave(contenders, bench.pace);
  const [large, small] = result.measured as readonly [Measured, Measured];
  const more = (1 / compare(large, small).byCpu - 1) * 100;
  return {
    cells: [
      `renewal with ${many.toLocaleString('en')} sessions`,
      costOf(large),
      `with ${few.toLocaleString('en')}`,
      costOf(small),
      `${compare(large, small).byWall.toFixed(2)} × req/s`,
    ],
    verdict: below(
      `${many.toLocaleString('en')} sessions make a renewal dearer by`,
      more,
      20,
      '% (CPU time)',
    ),
    notes: disturbanceNotes(result),
  };
}

async function renewals(
  { folder }: Bench,
  things: AsyncDisposableStack,
  generator: LoadGenerator,
  sessions: number,
): Promise<Contender> {
  const dataDir = join(folder, `sessions-${sessions}`);
  const installation = await install({
    dataDir,
    databaseUrl: null,
    users: 1000,
    sessions,
    tokens: refreshed,
  });
  const server = things.use(await startTessera(installation));
  const { refreshTokens } = installation;
  return tesseraRenewal(`${sessions} sessions`, generator, server, { connections, refreshTokens });
}

function costOf(measured: Measured): string {
  const { cpuMicros, perSecond } = figuresOf(measured);
  return `${shortNumber(cpuMicros)} µs, ${shortNumber(perSecond)}/s`;
}
