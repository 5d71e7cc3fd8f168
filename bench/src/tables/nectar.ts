/** Renewing API tokens beside oidc-provider, and what it costs a call to note the last use. @module */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../bench.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { atSaturation, compare } from '../measure/comparison.ts';
import { interleave, type Measured } from '../measure/interleave.ts';
import type { Contender } from '../measure/slice.ts';
import { disturbanceNotes, loadColumns, loadRows } from '../report/load-rows.ts';
import { atLeast, below, type Table } from '../report/table.ts';
import { oidcRenewal } from '../servers/contenders.ts';
import { loadCore } from '../servers/cores.ts';
import {
  guardedCalls,
  makeApiTokens,
  type Pair,
  pairRenewals,
  renewAll,
  startIssuer,
} from '../servers/nectar.ts';
import { type Installation, install } from '../servers/tessera.ts';

const connections = 32;
const tokens = connections * 8;
const usesMain = fileURLToPath(new URL('../servers/tessera-uses-main.ts', import.meta.url));

export async function nectarTable(bench: Bench): Promise<Table> {
  const generator = bench.things.use(new LoadGenerator(loadCore));
  const renewal = await renewals(bench, generator);
  const [noted, silent] = await calls(bench, generator);
  const oidc = await oidcRenewal(bench, generator, { connections, sessions: tokens });
  const result = await interleave([renewal, oidc, noted, silent], bench.pace);
  const [ours, peer, withUse, without] = result.measured as readonly [Measured, Measured, Measured, Measured];
  const toOidc = atSaturation(ours, peer);
  const cost = (compare(without, withUse).byCpu - 1) * 100;
  return {
    title: 'API tokens of nectar',
    method: `POST /aapi/jwt/token/renew: both values new each time, ES256, SQLite, durable, each renewal in the audit log; GET /account/v1/me with ${tokens} access tokens in turn. Server on one core, load from the other, ${connections} connections.`,
    columns: loadColumns('renewal'),
    rows: loadRows(result),
    verdicts: [
      atLeast('renewal to oidc-provider in memory', toOidc.ratio, 3, toOidc.by),
      below('what noting the last use adds to a call', cost, 3, '% (CPU time)'),
    ],
    notes: [
      'The access token that is shown was made by this very process, which remembers that; one that another node made, or this one before a restart, costs the verification of a signature besides (table Tokens).',
      'The last use is written once a minute for each token.',
      ...disturbanceNotes(result),
    ],
  };
}

async function renewals(bench: Bench, generator: LoadGenerator): Promise<Contender> {
  const { installation, pairs } = await prepare(bench, 'renewals');
  const { pid, port } = bench.things.use(await startIssuer(installation));
  const load = pairRenewals(port, await renewAll(port, pairs), connections);
  return generator.contender('Tessera, renewal', load, { pid, helperPid: null });
}

/** With the last use noted, and without. */
async function calls(bench: Bench, generator: LoadGenerator): Promise<readonly [Contender, Contender]> {
  const noted = await prepare(bench, 'noted');
  const unnoted = await prepare(bench, 'unnoted');
  const env = { BENCH_UNNOTED_DATA_DIR: unnoted.installation.dataDir };
  const server = bench.things.use(await startIssuer(noted.installation, { mainFile: usesMain, env }));
  const caller = async (name: string, port: number, pairs: readonly Pair[]): Promise<Contender> => {
    const load = guardedCalls(port, await renewAll(port, pairs), connections);
    return generator.contender(name, load, { pid: server.pid, helperPid: null });
  };
  const unnotedPort = Number(new URL(String(server.announcement.unnotedUrl)).port);
  return [
    await caller('a call, last use noted', server.port, noted.pairs),
    await caller('the same call, nothing noted', unnotedPort, unnoted.pairs),
  ];
}

async function prepare(
  { folder }: Bench,
  name: string,
): Promise<{ readonly installation: Installation; readonly pairs: readonly Pair[] }> {
  const size = { users: 1000, sessions: 10_000, tokens: 1 };
  const installation = await install({ dataDir: join(folder, name), databaseUrl: null, ...size });
  return { installation, pairs: await makeApiTokens(installation, tokens) };
}
