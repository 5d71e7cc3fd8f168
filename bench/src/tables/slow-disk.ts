/** Group commit on a slow disk, beside a commit for each request. @module */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../bench.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { compare } from '../measure/comparison.ts';
import { interleave, type Measured } from '../measure/interleave.ts';
import type { Contender } from '../measure/slice.ts';
import { disturbanceNotes, loadColumns, loadRows } from '../report/load-rows.ts';
import { atLeast, type Table } from '../report/table.ts';
import { tesseraRenewal } from '../servers/contenders.ts';
import { loadCore } from '../servers/cores.ts';
import { buildSlowFlush } from '../servers/slow-flush.ts';
import { install, type StartOptions, startTessera } from '../servers/tessera.ts';

const singleCommits = fileURLToPath(new URL('../servers/tessera-single-commits-main.ts', import.meta.url));
/** As many requests may share a flush. */
const connections = 128;
const sessions = connections * 4;

export async function slowDiskTable(bench: Bench): Promise<Table> {
  const library = buildSlowFlush(bench.folder);
  const head = {
    title: 'Slow disk',
    method: `Renewal on SQLite, synchronous=FULL, on a disk whose every flush takes one millisecond longer (a preloaded library); ${connections} connections.`,
    columns: loadColumns('group commit'),
  };
  if (library === null)
    return { ...head, rows: [], verdicts: [], notes: ['Not measured: no C compiler (cc).'] };
  const slow = { env: { LD_PRELOAD: library } };
  const generator = bench.things.use(new LoadGenerator(loadCore));
  // Where each commits alone, 128 answers come at once, five times a second: short slices would count whole lots.
  const result = await interleave(
    [
      await renewals('group commit', bench, generator, slow),
      await renewals('a commit for each request', bench, generator, { ...slow, mainFile: singleCommits }),
    ],
    { ...bench.pace, sliceSeconds: Math.max(1, 2 * bench.pace.sliceSeconds) },
  );
  const [group, single] = result.measured as readonly [Measured, Measured];
  return {
    ...head,
    rows: loadRows(result),
    verdicts: [atLeast('group commit to a commit for each', compare(group, single).byWall, 12, 'req/s')],
    notes: disturbanceNotes(result),
  };
}

async function renewals(
  name: string,
  { folder, things }: Bench,
  generator: LoadGenerator,
  options: StartOptions,
): Promise<Contender> {
  const dataDir = join(folder, name.replaceAll(' ', '-'));
  const size = { users: 1000, sessions: 10_000, tokens: sessions };
  const { refreshTokens, ...installation } = await install({ dataDir, databaseUrl: null, ...size });
  const server = things.use(await startTessera({ ...installation, refreshTokens }, options));
  return tesseraRenewal(name, generator, server, { connections, refreshTokens });
}
