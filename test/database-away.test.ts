/** A database that is away gives 503 with `Retry-After`, and the server recovers by itself. @module */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type Dialect, dialectOf, errorOf, type Grant, ok, readGrant } from './ciphertrust/dialect.ts';
import { type Gate, openGate } from './harness/gate.ts';
import type { Answer } from './harness/http.ts';
import { createDatabase, type Database } from './harness/postgres.ts';
import { type Server, startServer } from './harness/server.ts';

let database: Database;
let gate: Gate;
let server: Server;
let dialect: Dialect;
let grant: Grant;

before(async () => {
  database = await createDatabase();
  gate = await openGate(database.url);
  server = await startServer({ databaseUrl: gate.url });
  dialect = dialectOf(() => server);
  grant = await dialect.grant();
});

after(async () => {
  await server.stop();
  await gate.close();
  await database.drop();
});

test('while the database is away every request that needs it is 503 with Retry-After, and tells no inner detail', async () => {
  gate.shut();
  const calls: (() => Promise<Answer>)[] = [
    () => dialect.issue(),
    () => dialect.refresh(grant.refreshToken),
    () => dialect.renew(grant.refreshToken),
    () => dialect.api.get('/api/v1/auth/self/user', { jwt: grant.jwt }),
    () => dialect.api.post('/api/v1/auth/revoke', { token: grant.refreshToken, client_id: grant.clientId }),
  ];
  for (const call of calls) {
    const answer = await call();
    const error = errorOf(answer);
    assert.deepEqual([error.status, error.code, error.codeDesc], [503, 503, 'NCERRUnavailable']);
    assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
    assert.doesNotMatch(answer.text, /ECONN|postgres|127\.0\.0\.1|sql|pool/i);
  }
  assert.equal((await dialect.api.get('/readyz')).status, 503);
  assert.equal((await dialect.api.get('/healthz')).status, 200);
});

test('when the database is back the server serves again, with nothing lost and nothing half done', async () => {
  gate.open();
  while ((await dialect.api.get('/readyz')).status !== 200) await pause(50);
  ok(await dialect.issue());
  ok(await dialect.refresh(grant.refreshToken));
  const renewed = readGrant(await dialect.renew(grant.refreshToken));
  ok(await dialect.refresh(renewed.refreshToken));
});

test('cut off in the middle of many renewals, each is answered or can be asked again for the same token', async () => {
  const before = await dialect.grant();
  const races = Array.from({ length: 50 }, () => dialect.renew(before.refreshToken));
  await Promise.race(races);
  gate.shut();
  const answers = await Promise.all(races);
  gate.open();
  while ((await dialect.api.get('/readyz')).status !== 200) await pause(50);
  const successor = readGrant(await dialect.renew(before.refreshToken)).refreshToken;
  for (const answer of answers) {
    if (answer.status === 200) assert.equal(readGrant(answer).refreshToken, successor);
    else assert.equal(answer.status, 503, answer.text);
  }
  ok(await dialect.refresh(successor));
});
