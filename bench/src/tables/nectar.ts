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
import { guardedCalls, makeApiTokens, type Pair, pairRenewals, startWithPairs } from '../servers/nectar.ts';
import { type Installation, install } from '../servers/tessera.ts';

const connections = 32;
const tokens = connections * 8;
const unrecorded = fileURLToPath(new URL('../servers/tessera-unrecorded-main.ts', import.meta.url));

export async function nectarTable(bench: Bench): Promise<Table> {
  const generator = bench.things.use(new LoadGenerator(loadCore));
  const renewal = await renewals(bench, generator);
  const noted = await calls('a call, last use noted', bench, generator);
  const silent = await calls('the same call, nothing noted', bench, generator, unrecorded);
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
  const { installation, pairs: made } = await prepare(bench, 'renewals');
  const { server, pairs } = await startWithPairs(installation, made);
  const { pid, port } = bench.things.use(server);
  const load = pairRenewals(port, pairs, connections);
  return generator.contender('Tessera, renewal', load, { pid, helperPid: null });
}

async function calls(
  name: string,
  bench: Bench,
  generator: LoadGenerator,
  mainFile: string | null = null,
): Promise<Contender> {
  const { installation, pairs: made } = await prepare(bench, name.replaceAll(/\W+/g, '-'));
  const options = mainFile === null ? {} : { mainFile };
  const { server, pairs } = await startWithPairs(installation, made, options);
  const { pid, port } = bench.things.use(server);
  return generator.contender(name, guardedCalls(port, pairs, connections), { pid, helperPid: null });
}

async function prepare(
  { folder }: Bench,
  name: string,
): Promise<{ readonly installation: Installation; readonly pairs: readonly Pair[] }> {
  const size = { users: 1000, sessions: 10_000, tokens: 1 };
  const installation = await install({ dataDir: join(folder, name), databaseUrl: null, ...size });
  return { installation, pairs: await makeApiTokens(installation, tokens) };
}
