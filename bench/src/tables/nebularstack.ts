/** Renewing and rescoping tokens of the dialect nebularstack, with few and many tenants and assignments. @module */
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { atSaturation, compare } from '../measure/comparison.ts';
import { interleave, type Measured } from '../measure/interleave.ts';
import type { Contender } from '../measure/slice.ts';
import { disturbanceNotes, loadColumns, loadRows } from '../report/load-rows.ts';
import { atLeast, below, type Table, type Verdict } from '../report/table.ts';
import { oidcRenewal } from '../servers/contenders.ts';
import { loadCore } from '../servers/cores.ts';
import { type Pair, pairRenewals, pairRescopes, startWithTenants } from '../servers/nebularstack.ts';

const connections = 32;
const usersPerGroup = 2 * connections;
const few = { tenants: 10, assignments: [1] };
const many = { tenants: 100_000, assignments: [1, 200] };

export async function nebularstackTable(bench: Bench): Promise<Table> {
  const generator = bench.things.use(new LoadGenerator(loadCore));
  const ours = [...(await contenders(bench, generator, few)), ...(await contenders(bench, generator, many))];
  const oidc = await oidcRenewal(bench, generator, { connections, sessions: connections * 8 });
  const result = await interleave([...ours, oidc], bench.pace);
  return {
    title: 'Tokens of nebularstack',
    method: `PUT renews, PATCH rescopes to a domain and a tenant in turn; both by /v2/token, ES256, SQLite. ${usersPerGroup} users repeat their tokens, whose text stays; oidc-provider rotates. Server on one core, load from the other, ${connections} connections.`,
    columns: loadColumns('the first'),
    rows: loadRows(result),
    verdicts: verdictsOf(result.measured),
    notes: [
      'A refresh token that stays is noted as used once a second at most: these users write to the database less often than as many others would.',
      ...disturbanceNotes(result),
    ],
  };
}

interface Size {
  readonly tenants: number;
  readonly assignments: readonly number[];
}

/** For each group of users: a renewal and a rescope. */
async function contenders(
  { folder, things }: Bench,
  generator: LoadGenerator,
  { tenants, assignments }: Size,
): Promise<Contender[]> {
  const dataDir = join(folder, `tenants-${tenants}`);
  const server = things.use(await startWithTenants({ dataDir, tenants, assignments, usersPerGroup }));
  const watched = { pid: server.pid, helperPid: null };
  return server.groups.flatMap((pairs: readonly Pair[], group) => {
    const held = `${tenants.toLocaleString('en')} tenants, ${assignments[group]} held`;
    return [
      generator.contender(`PUT, ${held}`, pairRenewals(server.port, pairs, connections), watched),
      generator.contender(`PATCH, ${held}`, pairRescopes(server.port, pairs, connections), watched),
    ];
  });
}

type Seven = readonly [Measured, Measured, Measured, Measured, Measured, Measured, Measured];

function verdictsOf(measured: readonly Measured[]): Verdict[] {
  const [put, patch, putMany, patchMany, putHeld, patchHeld, oidc] = measured as Seven;
  const toOidc = atSaturation(put, oidc);
  const toPut = atSaturation(put, patch);
  return [
    atLeast('PUT to oidc-provider in memory', toOidc.ratio, 3, toOidc.by),
    below('PATCH takes, of what PUT takes', toPut.ratio, 1.3, `× (${toPut.by})`),
    flat('PUT by 100,000 tenants', putMany, put),
    flat('PATCH by 100,000 tenants', patchMany, patch),
    flat('PUT by 200 assignments', putHeld, putMany),
    flat('PATCH by 200 assignments', patchHeld, patchMany),
  ];
}

/** Cheaper by as much would be no better: what is measured would not be what is meant. */
function flat(what: string, more: Measured, less: Measured): Verdict {
  const change = Math.abs(1 / compare(more, less).byCpu - 1) * 100;
  return below(`change of ${what}`, change, 20, '% (CPU time)');
}
