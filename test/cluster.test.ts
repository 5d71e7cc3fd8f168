/** Two servers on one PostgreSQL: what one has done, the other knows at once. @module */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type Dialect,
  decodeJwt,
  dialectOf,
  errorOf,
  invalidToken,
  ok,
  readGrant,
  revokedApiToken,
} from './ciphertrust/dialect.ts';
import { createDatabase, type Database } from './harness/postgres.ts';
import { newPassword, type Server, startServer } from './harness/server.ts';
import { assertBadPair, dialectOf as nectarOf, pairOf, second } from './nectar/dialect.ts';

let database: Database;
let shared: string;
let servers: Server[];
let here: Dialect;
let there: Dialect;

/** Both start at once on an empty database: only one of them may make the tables and the administrator. */
before(async () => {
  database = await createDatabase();
  shared = mkdtempSync(join(tmpdir(), 'tessera-cluster-'));
  const options = {
    databaseUrl: database.url,
    adminPassword: newPassword(),
    env: { TESSERA_MASTER_KEY_FILE: join(shared, 'master.key'), TESSERA_ISSUER: 'https://tessera.example' },
  };
  servers = await Promise.all([startServer(options), startServer(options)]);
  const [one, two] = servers;
  assert.ok(one && two);
  here = dialectOf(() => one);
  there = dialectOf(() => two);
});

after(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await database.drop();
  rmSync(shared, { recursive: true });
});

test('a JWT and a refresh token of one server are good at the other', async () => {
  const grant = await here.grant();
  assert.equal(await there.statusWith(grant.jwt), 200);
  const renewed = readGrant(await there.renew(grant.refreshToken));
  ok(await here.refresh(renewed.refreshToken));
  assert.equal(decodeJwt(renewed.jwt).claims.aud, decodeJwt(grant.jwt).claims.aud);
});

test('revoked on one, the session’s JWTs and refresh token are refused at the other at once', async () => {
  for (let round = 0; round < 10; round += 1) {
    const grant = await here.grant();
    assert.equal(await there.statusWith(grant.jwt), 200);
    const proof = { token: grant.refreshToken, client_id: grant.clientId };
    assert.equal((await here.api.post('/api/v1/auth/revoke', proof)).status, 204);
    const self = await there.api.get('/api/v1/auth/self/user', { jwt: grant.jwt });
    assert.deepEqual(errorOf(self), revokedApiToken);
    assert.deepEqual(errorOf(await there.refresh(grant.refreshToken)), invalidToken);
  }
});

test('fifty renewals of one token, spread over both, bring one and the same successor', async () => {
  const { refreshToken } = await here.grant();
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, at) => (at % 2 === 0 ? here : there).renew(refreshToken)),
  );
  const successors = new Set(answers.map((answer) => readGrant(answer).refreshToken));
  assert.equal(successors.size, 1);
  for (const successor of successors) ok(await there.refresh(successor));
});

test('a property set on one holds at the other at once', async () => {
  await here.setProperty('MAXIMUM_REFRESH_TOKEN_LIFETIME', '1h');
  assert.equal((await there.grant()).expiresInSeconds, 3600);
  await there.setProperty('MAXIMUM_REFRESH_TOKEN_LIFETIME', '');
  assert.equal((await here.grant()).expiresInSeconds, undefined);
});

test('a key rotated on one signs at the other at once, and each verifies what the other signed', async () => {
  const older = await there.jwt();
  const rotated = await here.api.post(
    '/api/v1/auth/rotate-auth-key',
    { type: 'hmac' },
    { jwt: await here.jwt() },
  );
  const { id } = ok(rotated).body;
  const jwts = [await here.jwt(), await there.jwt()];
  for (const jwt of jwts) {
    assert.equal(decodeJwt(jwt).header.kid, id);
    assert.deepEqual([await here.statusWith(jwt), await there.statusWith(jwt)], [200, 200]);
  }
  assert.equal(await here.statusWith(older), 200);
});

test('a user deleted on one is gone at the other at once', async () => {
  const user = await here.createUser();
  const grant = await there.grant({}, user);
  const deleted = await here.api.delete(`/api/v1/usermgmt/users/${user.userId}`, { jwt: await here.jwt() });
  assert.equal(deleted.status, 204);
  assert.equal(await there.statusWith(grant.jwt), 401);
  assert.deepEqual(errorOf(await there.refresh(grant.refreshToken)), invalidToken);
});

test('one killed outright, the other serves on', async () => {
  const grant = await here.grant();
  await servers[0]?.kill9();
  ok(await there.refresh(grant.refreshToken));
  await servers[0]?.restart();
  ok(await here.refresh(grant.refreshToken));
});

test('fifty renewals of one API token’s pair, spread over both, bring one generation; a use at one ends it at the other', async () => {
  const [one, two] = servers;
  assert.ok(one && two);
  const [ours, theirs] = [nectarOf(() => one), nectarOf(() => two)];
  const first = await ours.newToken();
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, at) => (at % 2 === 0 ? ours : theirs).renew(first)),
  );
  const pairs = answers.map(pairOf);
  assert.equal(new Set(pairs.map(({ refreshToken }) => refreshToken)).size, 1);
  assert.deepEqual(new Set(pairs.map(({ accessToken }) => decodeJwt(accessToken).claims.gen)), new Set([1]));
  const [next] = pairs;
  assert.ok(next);
  assert.equal(await theirs.statusWith(next.accessToken), 200);
  for (const server of servers) server.advance(31 * second);
  assert.equal(await ours.statusWith(first.accessToken), 401);
  assertBadPair(await ours.renew(first));
  assertBadPair(await theirs.renew(next));
});
