/**
 * The limit: a bare Fastify route that does nothing of a refresh but what cannot be left out: it moves the session's
 * row on, durably, with one commit for each turn of the event loop, and signs the JWT. It proves nothing and asks nobody.
 *
 * Environment: `DATABASE` is a copy of an installation's SQLite file.
 * @module
 */
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import Fastify from 'fastify';
import { readToken, writeToken } from './bare-token.ts';

interface Job {
  readonly id: string;
  readonly generation: number;
  readonly done: (userId: string) => void;
}

const database = new DatabaseSync(process.env.DATABASE ?? '');
database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -65536');
const begin = database.prepare('begin immediate');
const commit = database.prepare('commit');
const renew = database.prepare(`update sessions set version = version + 1, generation = generation + 1,
  issued_at_ms = ?, used_at_ms = null, refreshed_at_ms = ? where id = ? and generation = ? returning user_id`);
renew.setReturnArrays(true);

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
const audience = randomUUID();
const kid = 'kid-of-forty-three-characters-like-all-hash';
const header = `${base64url({ alg: 'ES256', typ: 'JWT', kid })}.`;

let queue: Job[] = [];

const app = Fastify();
app.post<{ Body: { refresh_token: string } }>('/api/v1/auth/tokens', async (request, reply) => {
  const { id, generation } = readToken(request.body.refresh_token);
  const userId = await renewed(id, generation);
  const token = writeToken({ id, generation: generation + 1 });
  reply.header('content-type', 'application/json; charset=utf-8');
  return `{"jwt":"${jwt(id, userId)}","duration":300,"token_type":"Bearer","refresh_token":"${token}","client_id":"${id}","refresh_token_id":"${id}"}`;
});
await app.listen({ port: 0, host: '127.0.0.1' });
const { port } = app.server.address() as AddressInfo;
console.log(JSON.stringify({ msg: 'listening', url: `http://127.0.0.1:${port}` }));
process.on('SIGTERM', () => process.exit());

function renewed(id: string, generation: number): Promise<string> {
  return new Promise((done) => {
    if (queue.length === 0) setImmediate(flush);
    queue.push({ id, generation, done });
  });
}

function flush(): void {
  const jobs = queue;
  queue = [];
  const nowMs = Date.now();
  begin.run();
  const userIds = jobs.map(({ id, generation }) => {
    const [userId] = (renew.get(nowMs, nowMs, id, generation) ?? []) as unknown as [string?];
    if (userId === undefined) throw new Error('every token of the load is the newest one');
    return userId;
  });
  commit.run();
  for (const [at, { done }] of jobs.entries()) done(userIds[at] ?? '');
}

/** Claims of the same names and lengths as those of Tessera's access tokens. */
function jwt(sessionId: string, userId: string): string {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const tokenId = randomUUID();
  const claims = {
    aud: audience,
    sub: `local|${userId}`,
    iss: 'http://127.0.0.1:40000',
    acc: 'kylo',
    preferred_username: 'user000001',
    cust: { groups: ['Key Users'] },
    jwtid: tokenId,
    iat: nowSeconds,
    exp: nowSeconds + 300,
    sid: sessionId,
    jti: tokenId,
  };
  const message = header + base64url(claims);
  return `${message}.${sign('sha256', Buffer.from(message, 'latin1'), key).toString('base64url')}`;
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
