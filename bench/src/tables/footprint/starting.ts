/** From the start of the server's process to its first answer. @module */
import { once } from 'node:events';
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../../bench.ts';
import { median } from '../../measure/statistics.ts';
import { below, shortNumber } from '../../report/table.ts';
import { type Installation, startTessera } from '../../servers/tessera.ts';
import { emptyModule, runMs } from './empty-node.ts';
import type { FootprintRow } from './row.ts';

export async function startingRow(
  { folder, pace }: Bench,
  installation: Installation,
): Promise<FootprintRow> {
  const empty = emptyModule(folder);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < pace.rounds; round++) {
    theirs.push(runMs([empty]));
    ours.push(await firstAnswerMs(installation));
  }
  const [start, least] = [median(ours), median(theirs)];
  return {
    cells: [
      'start to first answer',
      `${shortNumber(start)} ms`,
      'empty Node, start to end',
      `${shortNumber(least)} ms`,
      `${(start / least).toFixed(1)} ×`,
    ],
    verdict: below('start to first answer', start, 500, 'ms'),
    notes: [],
  };
}

/** As `npm start` starts it: from source, with a database that is there. */
async function firstAnswerMs(installation: Installation): Promise<number> {
  const port = await freePort();
  const startMs = performance.now();
  const starting = startTessera(installation, { env: { TESSERA_PORT: String(port) } });
  while (!(await answers(port))) await delay(1);
  const tookMs = performance.now() - startMs;
  await (await starting)[Symbol.asyncDispose]();
  return tookMs;
}

async function answers(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  get({ host: '127.0.0.1', port, path: '/readyz', agent: false }, (answer) => {
    answer.resume();
    resolve(answer.statusCode === 200);
  }).on('error', () => resolve(false));
  return promise;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
