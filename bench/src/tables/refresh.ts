/** Refreshing on SQLite, beside oidc-provider and a bare Fastify route. @module */
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { atSaturation, figuresOf } from '../measure/comparison.ts';
import { interleave, type Measured } from '../measure/interleave.ts';
import { disturbanceNotes, loadColumns, loadRows } from '../report/load-rows.ts';
import { atLeast, below, type Table, type Verdict } from '../report/table.ts';
import { bareRenewal, oidcRenewal, tesseraRenewal } from '../servers/contenders.ts';
import { loadCore } from '../servers/cores.ts';
import { plainLoad, tesseraPost } from '../servers/refresh-load.ts';
import { install, startTessera } from '../servers/tessera.ts';

const connections = 32;
/** Each connection refreshes eight of them in turn. */
const sessions = connections * 8;

export async function refreshTable(bench: Bench): Promise<Table> {
  const dataDir = join(bench.folder, 'tessera');
  const size = { users: 1000, sessions: 10_000, tokens: 2 * sessions };
  const installation = await install({ dataDir, databaseUrl: null, ...size });
  const generator = bench.things.use(new LoadGenerator(loadCore));
  const bare = await bareRenewal(bench, generator, installation, { connections, sessions });
  const oidc = await oidcRenewal(bench, generator, { connections, sessions });
  const server = bench.things.use(await startTessera(installation));
  const renewed = { connections, refreshTokens: installation.refreshTokens.slice(0, sessions) };
  const renewal = tesseraRenewal('Tessera, renewal', generator, server, renewed);
  const unchanged = { connections, refreshTokens: installation.refreshTokens.slice(sessions) };
  const plain = generator.contender(
    'Tessera, plain',
    plainLoad(tesseraPost('plain'), server.port, unchanged),
    { pid: server.pid, helperPid: null },
  );
  const result = await interleave([renewal, plain, oidc, bare], bench.pace);
  return {
    title: 'Refresh on SQLite',
    method: `A refresh token for an ES256 JWT; with renewal also for the next refresh token, durable before the answer (WAL, synchronous=FULL). Server on one core, load from the other, ${connections} connections.`,
    columns: loadColumns('renewal'),
    rows: loadRows(result),
    verdicts: verdictsOf(result.measured as readonly [Measured, Measured, Measured, Measured]),
    notes: disturbanceNotes(result),
  };
}

function verdictsOf([renewal, plain, oidc, bare]: readonly [
  Measured,
  Measured,
  Measured,
  Measured,
]): Verdict[] {
  const toOidc = atSaturation(renewal, oidc);
  const toBare = atSaturation(renewal, bare);
  const toRenewal = atSaturation(plain, renewal);
  return [
    atLeast('renewal to oidc-provider in memory', toOidc.ratio, 3, toOidc.by),
    atLeast('renewal to the bare route', toBare.ratio, 0.8, toBare.by),
    atLeast('plain refresh to renewal', toRenewal.ratio, 1, toRenewal.by),
    below('p99 of renewals at saturation', figuresOf(renewal).p99Ms, 8, 'ms'),
  ];
}
