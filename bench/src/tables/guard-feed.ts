/** A thousand guards on the feed: what they cost while nothing happens, and how soon all of them know of a revocation. @module */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type CredentialMethod, tessera } from '@tessera/guard';
import type { Bench } from '../bench.ts';
import { processSeconds, residentMebibytes } from '../measure/processor-time.ts';
import { median } from '../measure/statistics.ts';
import { below, shortNumber, type Table } from '../report/table.ts';
import { install, password, startTessera } from '../servers/tessera.ts';

const guardCount = 1000;
const lookEveryMs = 20;

export async function guardFeedTable(bench: Bench): Promise<Table> {
  const seeded = { users: 10, sessions: 10, tokens: 1 };
  const dataDir = join(bench.folder, 'tessera');
  const installation = await install({ dataDir, databaseUrl: null, ...seeded });
  await using server = await startTessera(installation);
  const url = `http://127.0.0.1:${server.port}`;
  const { jwt } = await post(url, '/api/v1/auth/tokens', { username: 'admin', password });
  const { credential } = await post(url, '/account/v1/applications', { name: 'bench' }, jwt);
  const alone = await coreShare(server.pid, 2);
  const guards = Array.from({ length: guardCount }, () =>
    tessera({ server: url, credential: credential ?? '', log: () => {} }),
  );
  for (const guard of guards) guard.start?.();
  await all(guards, 'feedAnswers');
  // Connections are made, keys fetched.
  await delay(2_000);
  const idle = await coreShare(server.pid, bench.size === 'full' ? 20 : 3);
  const memory = residentMebibytes(server.pid);
  const rounds: number[] = [];
  for (let round = 1; round <= (bench.size === 'full' ? 9 : 2); round += 1) {
    rounds.push(await revocation(url, guards, round));
  }
  for (const guard of guards) await guard.close?.();
  const slowest = Math.max(...rounds);
  return {
    title: 'A thousand guards on the feed',
    method: `${shortNumber(guardCount)} of the guard's methods \`tessera\` in one process, each with a connection of its own, on a server with SQLite.`,
    columns: ['what', 'measured', 'beside it'],
    rows: [
      ['CPU of the server while nothing happens', percent(idle), `without guards ${percent(alone)}`],
      ['from the answer to the revocation until all refuse, median', milliseconds(median(rounds)), ''],
      ['the slowest of all rounds', milliseconds(slowest), ''],
      ['resident memory of the server', `${shortNumber(memory)} MiB`, ''],
    ],
    verdicts: [
      below('a thousand guards, nothing happening', idle * 100, 5, '% of a core'),
      below('a revocation known to all of them', slowest / 1000, 2, 's'),
    ],
    notes: [],
  };
}

const percent = (share: number): string => `${shortNumber(share * 100)} % of a core`;
const milliseconds = (ms: number): string => `${shortNumber(ms)} ms`;

async function coreShare(pid: number, seconds: number): Promise<number> {
  const [startedAtMs, before] = [performance.now(), processSeconds(pid)];
  await delay(seconds * 1000);
  return (processSeconds(pid) - before) / ((performance.now() - startedAtMs) / 1000);
}

/** Milliseconds until the last guard knows of the `count`th revocation. */
async function revocation(url: string, guards: readonly CredentialMethod[], count: number): Promise<number> {
  const signIn = { username: 'admin', password, issueRefreshToken: true };
  const { refresh_token: token, client_id } = await post(url, '/api/v1/auth/tokens', signIn);
  await post(url, '/api/v1/auth/revoke', { token, client_id });
  const answeredAtMs = performance.now();
  await all(guards, 'revokedSessions', count);
  return performance.now() - answeredAtMs;
}

async function all(guards: readonly CredentialMethod[], metric: string, least = 1): Promise<void> {
  // Whoever has it is not looked at again: the looking shares a core with the guards.
  let waiting = guards;
  for (;;) {
    waiting = waiting.filter((guard) => (guard.metrics?.()[metric] ?? 0) < least);
    if (waiting.length === 0) return;
    await delay(lookEveryMs);
  }
}

async function post(
  url: string,
  path: string,
  body: object,
  jwt?: string,
): Promise<Readonly<Record<string, string>>> {
  const authorization = jwt === undefined ? {} : { authorization: `Bearer ${jwt}` };
  const headers = { 'content-type': 'application/json', ...authorization };
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return text === '' ? {} : (JSON.parse(text) as Record<string, string>);
}
