/** A guarded route beside the same route unguarded, and beside what people guard it with today. @module */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { importSigningKey, signToken } from '@tessera/token';
import type { Bench } from '../bench.ts';
import { getText } from '../load/load.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { atSaturation } from '../measure/comparison.ts';
import { interleave, type Measured } from '../measure/interleave.ts';
import type { Contender } from '../measure/slice.ts';
import { disturbanceNotes, loadColumns, loadRows } from '../report/load-rows.ts';
import { atLeast, type Table, type Verdict } from '../report/table.ts';
import { loadCore, serverCore } from '../servers/cores.ts';
import { startPinned } from '../servers/pinned-process.ts';

const connections = 32;
const mainFile = fileURLToPath(new URL('../servers/guarded-main.ts', import.meta.url));

const programs: readonly (readonly [framework: string, guard: string, name: string])[] = [
  ['fastify', 'tessera', 'Fastify, @tessera/guard'],
  ['fastify', 'none', 'Fastify, unguarded'],
  ['fastify', 'peer', 'Fastify, @fastify/jwt with its cache'],
  ['express', 'tessera', 'Express, @tessera/guard'],
  ['express', 'none', 'Express, unguarded'],
  ['express', 'peer', 'Express, express-jwt'],
  ['hono', 'tessera', 'Hono, @tessera/guard'],
  ['hono', 'none', 'Hono, unguarded'],
  ['hono', 'peer', 'Hono, hono/jwt'],
];

export async function guardTable(bench: Bench): Promise<Table> {
  const generator = bench.things.use(new LoadGenerator(loadCore));
  const key = randomBytes(32).toString('base64url');
  const contenders: Contender[] = [];
  for (const program of programs) contenders.push(await contender(bench, generator, key, program));
  const result = await interleave(contenders, bench.pace);
  const { measured } = result;
  return {
    title: 'A guarded route',
    method: `GET / with one HS256 token again and again, answering {"hello":"world"}; every server gets the same bytes. Server on one core, load from the other, ${connections} connections.`,
    columns: loadColumns('Fastify with the guard'),
    rows: loadRows(result),
    verdicts: [
      ratio('guarded Fastify to unguarded', measured, 0, 1, 0.95),
      ratio('guarded Fastify to @fastify/jwt', measured, 0, 2, 1),
      ratio('guarded Express to express-jwt', measured, 3, 5, 1),
      ratio('guarded Hono to hono/jwt', measured, 6, 8, 1),
    ],
    notes: disturbanceNotes(result),
  };
}

function ratio(
  what: string,
  measured: readonly Measured[],
  ours: number,
  theirs: number,
  target: number,
): Verdict {
  const [one, other] = [measured[ours], measured[theirs]];
  if (one === undefined || other === undefined) throw new Error('every program is measured');
  const { ratio: times, by } = atSaturation(one, other);
  return atLeast(what, times, target, by);
}

async function contender(
  { things }: Bench,
  generator: LoadGenerator,
  key: string,
  [framework, guard, name]: (typeof programs)[number],
): Promise<Contender> {
  const env = { FRAMEWORK: framework, GUARD: guard, KEY: key };
  const server = things.use(await startPinned({ cores: [serverCore], args: [mainFile], env }));
  const requests = Array.from({ length: connections }, () => [getText('/', tokenBy(key))]);
  const load = { port: server.port, requests, follow: [], pauseMs: 0, accept: 'successes' } as const;
  return generator.contender(name, load, { pid: server.pid, helperPid: null });
}

function tokenBy(key: string): string {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const claims = {
    iss: 'https://id.example',
    aud: 'api',
    sub: 'adam',
    role: ['Operator', 'Auditor'],
    iat: nowSeconds,
    exp: nowSeconds + 86_400,
  };
  return signToken(importSigningKey(Buffer.from(key), { alg: 'HS256', kid: null }), claims);
}
