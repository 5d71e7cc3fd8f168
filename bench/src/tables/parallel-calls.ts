/** Many processes of the command line over one secret whose access token is expired: one renews, all go on. @module */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createVaults, registerToken, type Vaults } from '@tessera/client';
import type { Bench } from '../bench.ts';
import { quietMachine } from '../measure/quiet-machine.ts';
import { median } from '../measure/statistics.ts';
import { below, shortNumber, type Table } from '../report/table.ts';
import { buildBundle, commandLine } from '../servers/built-command-line.ts';
import { install, password, startTessera } from '../servers/tessera.ts';
import { emptyModule } from './footprint/empty-node.ts';

const many = 20;

/** A user with a connected host. */
interface Place {
  readonly env: Readonly<Record<string, string>>;
  readonly vaults: Vaults;
  readonly secret: string;
}

export async function parallelCallsTable(bench: Bench): Promise<Table> {
  using _built = buildBundle();
  const place = await connect(bench);
  const empty = emptyModule(bench.folder);
  const call = [commandLine, 'call', '/account/v1/me'];
  const ways: Readonly<Record<string, () => Promise<number>>> = {
    'one, expired': () => expiredMs(place, call, 1),
    [`${many}, expired`]: () => expiredMs(place, call, many),
    'one, living': () => allMs(place, call, 1),
    [`${many}, living`]: () => allMs(place, call, many),
    'one empty Node': () => allMs(place, [empty], 1),
    [`${many} empty Nodes`]: () => allMs(place, [empty], many),
  };
  const took = new Map(Object.keys(ways).map((name): [string, number[]] => [name, []]));
  for (let round = 0; round < bench.pace.rounds; round++) {
    for (const [name, run] of Object.entries(ways)) {
      await quietMachine();
      took.get(name)?.push(await run());
    }
  }
  return describe(new Map([...took].map(([name, times]) => [name, median(times)])));
}

function describe(medians: ReadonlyMap<string, number>): Table {
  const ms = (name: string): number => medians.get(name) ?? Number.NaN;
  const kinds = [
    ['tessera call, expired', 'one, expired', `${many}, expired`],
    ['tessera call, living', 'one, living', `${many}, living`],
    ['a Node that runs nothing', 'one empty Node', `${many} empty Nodes`],
  ] as const;
  const cores = availableParallelism();
  const [ours, least] = [
    ms(`${many}, expired`) / ms('one, expired'),
    ms(`${many} empty Nodes`) / ms('one empty Node'),
  ];
  return {
    title: 'Parallel calls',
    method: `${many} processes of the published command line at once over one secret in a file vault, against a server on the same ${cores} cores; from the first start to the last end; medians.`,
    columns: ['what', 'one', `${many} at once`, 'ratio'],
    rows: kinds.map(([what, one, all]) => [
      what,
      `${shortNumber(ms(one))} ms`,
      `${shortNumber(ms(all))} ms`,
      `${(ms(all) / ms(one)).toFixed(1)} ×`,
    ]),
    verdicts: [
      below(`${many} with an expired secret take, of what one takes`, ours, 3, '×'),
      below('of what empty Nodes make of it on these cores', ours / least, 1, '×'),
      below(
        `an expired secret makes ${many} slower by`,
        ms(`${many}, expired`) / ms(`${many}, living`),
        1.5,
        '×',
      ),
    ],
    notes: [
      `${cores} cores share ${many} processes, each with a Node to start: the third row is what that alone costs, and the first verdict can be reached only where it is below 3.`,
    ],
  };
}

async function connect({ folder, things }: Bench): Promise<Place> {
  const installation = await install({
    dataDir: join(folder, 'tessera'),
    databaseUrl: null,
    users: 1,
    sessions: 1,
    tokens: 1,
  });
  const cores = Array.from({ length: availableParallelism() }, (_, core) => core);
  const server = things.use(await startTessera(installation, { cores }));
  const url = `http://127.0.0.1:${server.port}`;
  const home = join(folder, 'home');
  mkdirSync(home, { mode: 0o700 });
  const keyFile = join(home, 'key');
  writeFileSync(keyFile, 'k'.repeat(44), { mode: 0o600 });
  const env = { HOME: home, TESSERA_VAULT_KEY_FILE: keyFile };
  const vaults = createVaults({ folder: join(home, '.tessera'), env });
  const { secret } = await registerToken(vaults, { fqdn: url, ...(await generate(url)) });
  const place = { env, vaults, secret };
  await allMs(place, [commandLine, 'connect', url, '--use-token'], 1);
  return place;
}

interface Pair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

async function generate(url: string): Promise<Pair> {
  const post = async (path: string, body: object, headers: Record<string, string>): Promise<unknown> => {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return answer.json();
  };
  const { jwt } = (await post('/api/v1/auth/tokens', { username: 'admin', password }, {})) as { jwt: string };
  return (await post(
    '/account/v1/api-tokens',
    { name: 'bench' },
    { authorization: `Bearer ${jwt}` },
  )) as Pair;
}

/** Makes the token expired by the word of its record, so that who reads it renews. */
async function expiredMs(place: Place, args: readonly string[], processes: number): Promise<number> {
  const record = JSON.parse((await place.vaults.get(place.secret)) ?? '') as object;
  const expired = { ...record, accessExpiresAt: new Date(0).toISOString() };
  await place.vaults.set(place.secret, JSON.stringify(expired));
  return allMs(place, args, processes);
}

/** Milliseconds from the first start to the last end. @throws when one fails */
async function allMs({ env }: Place, args: readonly string[], processes: number): Promise<number> {
  const startMs = performance.now();
  await Promise.all(Array.from({ length: processes }, () => runOne(args, env)));
  return performance.now() - startMs;
}

function runOne(args: readonly string[], env: Place['env']): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said += text.toString();
  });
  child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${args.join(' ')}: ${said}`))));
  return promise;
}
