/** Signing in by password, beside the hash alone, and what a flood of it does to refreshes. @module */
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { deal, type Load, postText } from '../load/load.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { compare, figuresOf } from '../measure/comparison.ts';
import { type Interleaved, interleave, type Measured } from '../measure/interleave.ts';
import type { Contender } from '../measure/slice.ts';
import { disturbanceNotes, loadColumns, loadRows } from '../report/load-rows.ts';
import { atLeast, below, type Table } from '../report/table.ts';
import { startBareArgon2 } from '../servers/bare-argon2.ts';
import { tesseraRenewal } from '../servers/contenders.ts';
import { loadCore, serverCore } from '../servers/cores.ts';
import { type Installation, install, password, startTessera } from '../servers/tessera.ts';

const bothCores = [serverCore, loadCore];
/** Enough that hashes are always waiting, whatever is being answered. */
const loginConnections = 16;
const floodConnections = 64;
/** Renewals while others sign in: eight clients, each fifty a second at most. */
const modest = { connections: 8, pauseMs: 20 };

export async function loginTable(bench: Bench): Promise<Table> {
  const dataDir = join(bench.folder, 'tessera');
  const installation = await install({ dataDir, databaseUrl: null, users: 256, sessions: 1024, tokens: 64 });
  const generator = bench.things.use(new LoadGenerator(loadCore));
  const rates = await loginRates(bench, generator, installation);
  const flooded = await floodedRefreshes(bench, generator, installation);
  const [login, bare] = rates.measured as readonly [Measured, Measured];
  const [quiet, flood] = flooded.measured as readonly [Measured, Measured];
  const times = figuresOf(flood).p99Ms / figuresOf(quiet).p99Ms;
  return {
    title: 'Login',
    method: `Argon2id, 19 MiB, two passes, one lane; both on both cores, the login with ${loginConnections} connections. Refreshes: ${modest.connections} clients with ${modest.pauseMs} ms of pause each, server on one core, load from the other; the flood are ${floodConnections} connections that sign in without pause.`,
    columns: loadColumns('login'),
    // What a paced load gets a second says nothing.
    rows: [...loadRows(rates), ...loadRows(flooded).map((row) => [...row.slice(0, 6), '', ''])],
    verdicts: [
      atLeast('login to the bare hash', compare(login, bare).byWall, 0.9, 'req/s'),
      below('p99 of refreshes in the flood, to idle', times, 10, '×'),
    ],
    notes: [...disturbanceNotes(rates), ...disturbanceNotes(flooded)],
  };
}

/** The hash is slow, so the slices are longer. */
async function loginRates(
  { pace }: Bench,
  generator: LoadGenerator,
  installation: Installation,
): Promise<Interleaved> {
  await using server = await startTessera(installation, { cores: bothCores });
  using bare = await startBareArgon2('the hash alone', bothCores);
  const watched = { pid: server.pid, helperPid: null };
  const load = loginLoad(server.port, installation.usernames, loginConnections);
  const login = generator.contender('Tessera, login', load, watched);
  return await interleave([login, bare], { ...pace, sliceSeconds: 2 * pace.sliceSeconds });
}

async function floodedRefreshes(
  { pace }: Bench,
  generator: LoadGenerator,
  installation: Installation,
): Promise<Interleaved> {
  await using server = await startTessera(installation);
  const watched = { pid: server.pid, helperPid: null };
  const options = { ...modest, refreshTokens: installation.refreshTokens };
  const refreshes = tesseraRenewal('Tessera, modest renewals', generator, server, options);
  const flood = loginLoad(server.port, installation.usernames, floodConnections);
  const logins = generator.contender('flood', { ...flood, accept: 'refusals too' }, watched);
  const flooded: Contender = {
    name: 'Tessera, the same in a flood of logins',
    async measure(seconds) {
      const [slice] = await Promise.all([refreshes.measure(seconds), logins.measure(seconds)]);
      return slice;
    },
  };
  return await interleave([refreshes, flooded], { ...pace, sliceSeconds: 2 * pace.sliceSeconds });
}

/** Each connection signs in users of its own: two at once at one user's row would decide anew. */
function loginLoad(port: number, usernames: readonly string[], connections: number): Load {
  const requests = usernames.map((username) => {
    const body = JSON.stringify({ grant_type: 'password', username, password });
    return postText({ path: '/api/v1/auth/tokens', contentType: 'application/json', body }, '');
  });
  return { port, requests: deal(requests, connections), follow: [], pauseMs: 0, accept: 'successes' };
}
