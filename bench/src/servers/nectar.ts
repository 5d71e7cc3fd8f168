/** Tessera with API tokens, and what scripts send: renewals of pairs, and calls. @module */
import { deal, getText, type Load } from '../load/load.ts';
import type { RunningServer } from './pinned-process.ts';
import { type Installation, openServer, password, type StartOptions, startTessera } from './tessera.ts';

const path = '/aapi/jwt/token/renew';

export interface Pair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

interface Generated extends Pair {
  readonly id: string;
}

/** The same before and after a restart, whatever the port. */
const issuer = { TESSERA_ISSUER: 'http://127.0.0.1:8420' };

/** So that neither value's length changes while a load runs. */
const firstGeneration = 100_001;

/** Tokens of the administrator, as many as are wanted, up to a thousand. */
export async function makeApiTokens(installation: Installation, count: number): Promise<readonly Pair[]> {
  const server = await startTessera(installation, { env: { ...issuer, NECTAR_MAXIMUM_LIVE_TOKENS: '1000' } });
  const made: Generated[] = [];
  try {
    const { jwt } = await post(server.port, '/api/v1/auth/tokens', { username: 'admin', password });
    for (let at = 0; at < count; at += 1)
      made.push((await post(server.port, '/account/v1/api-tokens', { name: `${at}` }, jwt)) as never);
  } finally {
    await server[Symbol.asyncDispose]();
  }
  return await moveOn(installation, made);
}

async function moveOn(installation: Installation, made: readonly Generated[]): Promise<readonly Pair[]> {
  const { core, stop } = await openServer(installation);
  try {
    const { database, refreshTokens } = core;
    const update = database.queries.updateTable('sessions').set({ generation: firstGeneration });
    await database.write([{ query: update.where('face', '=', 'nectar'), mustChange: 'any' }]);
    const rows = await database.read(database.queries.selectFrom('sessions').selectAll());
    const sessions = new Map(rows.map((row) => [String(row.id), row]));
    return made.map(({ id, accessToken }) => {
      const session = sessions.get(id);
      if (session === undefined) throw new Error(`no session of the API token ${id}`);
      const { id: sessionId, mac_key: macKey, salt, generation } = session;
      return {
        accessToken,
        refreshToken: refreshTokens.write({ id: sessionId, macKey, salt, generation }, null),
      };
    });
  } finally {
    await stop(0);
  }
}

export function startIssuer(
  installation: Installation,
  { env, ...options }: StartOptions = {},
): Promise<RunningServer> {
  return startTessera(installation, { ...options, env: { ...env, ...issuer } });
}

/** Renews every pair once, so that all are of one length. */
export async function renewAll(port: number, pairs: readonly Pair[]): Promise<readonly Pair[]> {
  const renewed: Pair[] = [];
  for (const { accessToken, refreshToken } of pairs)
    renewed.push((await post(port, path, {}, accessToken, { 'x-refresh-token': refreshToken })) as never);
  return renewed;
}

/** Each request shows both values of the answer before. */
export function pairRenewals(port: number, pairs: readonly Pair[], connections: number): Load {
  const texts = pairs.map(renewalText);
  const [first] = pairs;
  if (first === undefined) throw new Error('no pair to renew');
  const follow = (name: keyof Pair) => ({
    marker: `"${name}":"`,
    length: first[name].length,
    at: renewalText(first).indexOf(first[name]),
  });
  return {
    port,
    requests: deal(texts, connections),
    follow: [follow('accessToken'), follow('refreshToken')],
    pauseMs: 0,
    accept: 'successes',
  };
}

/** Calls of the server's own API, each token again and again. */
export function guardedCalls(port: number, pairs: readonly Pair[], connections: number): Load {
  const texts = pairs.map(({ accessToken }) => getText('/account/v1/me', accessToken));
  return { port, requests: deal(texts, connections), follow: [], pauseMs: 0, accept: 'successes' };
}

function renewalText({ accessToken, refreshToken }: Pair): string {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `authorization: Bearer ${accessToken}`,
    `x-refresh-token: ${refreshToken}`,
    'Content-Length: 0',
  ];
  return `${head.join('\r\n')}\r\n\r\n`;
}

async function post(
  port: number,
  to: string,
  body: object,
  token: string | null = null,
  headers: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  const answer = await fetch(`http://127.0.0.1:${port}${to}`, {
    method: 'POST',
    headers: { ...headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${to} was refused: ${await answer.text()}`);
  return (await answer.json()) as Record<string, string>;
}
