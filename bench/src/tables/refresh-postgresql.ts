/** Refreshing on PostgreSQL, beside oidc-provider. @module */
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { atSaturation } from '../measure/comparison.ts';
import { interleave, type Measured } from '../measure/interleave.ts';
import { disturbanceNotes, loadColumns, loadRows } from '../report/load-rows.ts';
import { atLeast, type Table } from '../report/table.ts';
import { oidcRenewal, tesseraRenewal } from '../servers/contenders.ts';
import { loadCore } from '../servers/cores.ts';
import { startPostgresql } from '../servers/postgresql.ts';
import { install, startTessera } from '../servers/tessera.ts';

const connections = 32;
const sessions = connections * 8;

export async function refreshPostgresqlTable(bench: Bench): Promise<Table> {
  const postgresql = bench.things.use(await startPostgresql());
  const installation = await install({
    dataDir: join(bench.folder, 'tessera'),
    databaseUrl: postgresql.url,
    users: 1000,
    sessions: 10_000,
    tokens: sessions,
  });
  const generator = bench.things.use(new LoadGenerator(loadCore));
  const oidc = await oidcRenewal(bench, generator, { connections, sessions });
  const server = bench.things.use(await startTessera(installation));
  const options = { connections, refreshTokens: installation.refreshTokens };
  const watched = { ...server, helperPid: postgresql.pid };
  const ours = tesseraRenewal('Tessera, renewal, PostgreSQL', generator, watched, options);
  const result = await interleave([ours, oidc], bench.pace);
  const [renewal, peer] = result.measured as readonly [Measured, Measured];
  const { ratio, by } = atSaturation(renewal, peer);
  return {
    title: 'Refresh on PostgreSQL',
    method: `As above, with renewal, on PostgreSQL 18 with fsync and synchronous_commit on. Tessera on one core; load and PostgreSQL share the other, ${connections} connections. CPU time is Tessera's alone.`,
    columns: loadColumns('renewal'),
    rows: loadRows(result),
    verdicts: [atLeast('renewal to oidc-provider in memory', ratio, 2, by)],
    notes: disturbanceNotes(result),
  };
}
