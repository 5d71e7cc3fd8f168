/** The method `tessera` in front of a real API: which tokens of a real server pass, and how soon one that was taken back does not. @module */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { generateSigningKey, signToken } from '@tessera/token';
import { type Dialect, decodeJwt, dialectOf, tokensPath, usersPath } from '../ciphertrust/dialect.ts';
import { apiOf } from '../harness/http.ts';
import { createDatabase, type Database } from '../harness/postgres.ts';
import { secret } from '../harness/run-folder.ts';
import { newPassword, type Server, startServer } from '../harness/server.ts';
import {
  type Account as ScopedAccount,
  type Dialect as ScopedDialect,
  dialectOf as scopedDialectOf,
} from '../nebularstack/dialect.ts';
import { registerApplication, revoke } from './asking.ts';
import { type GuardedApi, startGuardedApi } from './guarded-api.ts';

const revokedChallenge = 'Bearer error="invalid_token", error_description="The token is revoked"';
const malformed = 'Bearer error="invalid_token"';

let database: Database;
let server: Server;
let dialect: Dialect;
let scoped: ScopedDialect;
let api: GuardedApi;
let ada: ScopedAccount;
let domain: string;
let tenantId: string;
let credential: string;
before(async () => {
  database = await createDatabase();
  server = await startServer({
    databaseUrl: database.url,
    env: { TESSERA_TLS_PROXY: 'true', TESSERA_TRUST_PROXY: '127.0.0.1' },
  });
  dialect = dialectOf(() => server);
  scoped = scopedDialectOf(() => server);
  credential = (await registerApplication(server)).credential;
  api = await startGuardedApi({ tessera: { server: server.url, credential } });
  domain = await scoped.createDomain();
  tenantId = await scoped.createTenant(domain);
  ada = await scoped.createUser(domain, ['Administrator', domain]);
});
after(async () => {
  await api.stop();
  await server.stop();
  await database.drop();
});

const apiToken = async (): Promise<{ id: string; accessToken: string; refreshToken: string }> => {
  const name = `token ${crypto.randomUUID()}`;
  const made = await apiOf(server.url).post('/account/v1/api-tokens', { name }, { jwt: await dialect.jwt() });
  assert.equal(made.status, 201, made.text);
  secret(made.body.refreshToken);
  return made.body;
};
const renew = async (pair: { accessToken: string; refreshToken: string }) => {
  const headers = { 'x-refresh-token': pair.refreshToken };
  const renewed = await apiOf(server.url).post('/aapi/jwt/token/renew', undefined, {
    jwt: pair.accessToken,
    headers,
  });
  assert.equal(renewed.status, 200, renewed.text);
  secret(renewed.body.refreshToken);
  return renewed.body as { accessToken: string; refreshToken: string };
};
const scopedToken = async (version: 1 | 2 | 3, fields: object = {}): Promise<string> => {
  const answer = await scoped[`v${version}`](ada, fields);
  assert.equal(answer.status, 200, answer.text);
  return answer.body.token;
};

test('an access token of every interface passes, with its user, roles and scope', async () => {
  const admin = { userName: 'admin', scope: { domain: null, tenantId: null } };
  assert.deepEqual((await api.call(await dialect.jwt())).body, { ...admin, roles: ['admin'] });
  const pair = await apiToken();
  assert.deepEqual((await api.call(pair.accessToken)).body, { ...admin, roles: ['Root', 'admin'] });
  const inDomain = { userName: ada.username, roles: ['Administrator'], scope: { domain, tenantId: null } };
  assert.deepEqual((await api.call(await scopedToken(1))).body, inDomain);
  assert.deepEqual((await api.call(await scopedToken(2))).body, inDomain);
  const { token } = { token: await scopedToken(2) };
  const called = await api.call(null, { 'x-auth-token': token });
  assert.deepEqual([called.status, called.body], [200, inDomain]);
});

test('a token without end is asked about at every use: scope by its headers, roles as of now', async () => {
  const token = await scopedToken(3);
  assert.deepEqual((await api.call(token)).body.scope, { domain: null, tenantId: null });
  const entered = await api.call(token, { 'x-domain': domain });
  assert.deepEqual(entered.body, {
    userName: ada.username,
    roles: ['Administrator'],
    scope: { domain, tenantId: null },
  });
  assert.equal((await api.call(token, { 'x-domain': 'nowhere.example' })).status, 403);
  await scoped.unassign(ada.id, 'Administrator', domain);
  assert.equal((await api.call(token, { 'x-domain': domain })).status, 403);
  await scoped.assign(ada.id, 'Administrator', domain);
  assert.equal((await api.call(token, { 'x-domain': domain })).status, 200);
  await scoped.call('DELETE', '/v3/token', { token });
  assert.equal((await api.call(token)).challenge, revokedChallenge);
});

test('a request is narrowed to a tenant of the token’s domain, and to no other', async () => {
  const token = await scopedToken(2);
  const other = await scoped.createTenant(await scoped.createDomain());
  const narrowed = await api.call(token, { 'x-tenant-id': tenantId });
  assert.deepEqual(narrowed.body.scope, { domain, tenantId });
  for (const headers of [{ 'x-tenant-id': other }, { 'x-domain': 'other.example' }])
    assert.equal((await api.call(token, headers)).status, 403);
  assert.equal((await api.call(await dialect.jwt(), { 'x-tenant-id': tenantId })).status, 403);
});

test('nothing but an access token of this server passes', async () => {
  const good = await dialect.grant();
  const { claims } = decodeJwt(good.jwt);
  const key = generateSigningKey('ES256');
  const foreign = signToken(key, claims, { typ: 'JWT' });
  const minimal = (await scoped.v2(ada, { type: 'minimal' })).body.token;
  const { methods } = await api.metrics();
  assert.equal(methods[0]?.name, 'tessera');
  const refused: [string, string][] = [
    [minimal, malformed],
    [good.refreshToken, malformed],
    [foreign, 'Bearer error="invalid_token", error_description="The signature key was not found"'],
    ['a.b.c', malformed],
  ];
  for (const [token, challenge] of refused) {
    const called = await api.call(token);
    assert.deepEqual([called.status, called.challenge, called.text], [401, challenge, '']);
  }
  const narrow = await startGuardedApi({ tessera: { server: server.url, credential, accept: ['nectar'] } });
  assert.equal((await narrow.call(good.jwt)).challenge, malformed);
  assert.equal((await narrow.call((await apiToken()).accessToken)).status, 200);
  await narrow.stop();
  const elsewhere = await startGuardedApi({
    tessera: { server: server.url, credential, issuer: 'https://other.example' },
  });
  assert.match(
    (await elsewhere.call(good.jwt)).challenge ?? '',
    /The issuer is invalid|The signature key was not found/,
  );
  await elsewhere.stop();
});

test('a session that is ended is refused, and no other; all that a change of password ends as well', async () => {
  const user = await dialect.createUser();
  const [one, other] = [await dialect.grant({}, user), await dialect.grant({}, user)];
  for (const { jwt } of [one, other]) assert.equal((await api.call(jwt)).status, 200);
  await revoke(dialect, one);
  const refused = await api.until(401, one.jwt);
  assert.deepEqual([refused.challenge, refused.text], [revokedChallenge, '']);
  assert.equal((await api.call(other.jwt)).status, 200);
  const signedIn = await Promise.all([scopedToken(1), scopedToken(2)]);
  for (const token of signedIn) assert.equal((await api.call(token)).status, 200);
  ada = { ...ada, password: newPassword() };
  await scoped.changeUser(ada, { password: ada.password });
  for (const token of signedIn) await api.until(401, token);
});

test('a user who is disabled is refused, lets in again when enabled, and is refused for ever when deleted', async () => {
  const user = await dialect.createUser();
  const { jwt } = await dialect.grant({}, user);
  const path = `${usersPath}/${user.userId}`;
  const set = async (methods: string[]) =>
    dialect.api.patch(path, { allowed_auth_methods: methods }, { jwt: await dialect.jwt() });
  assert.equal((await api.call(jwt)).status, 200);
  await set([]);
  assert.equal((await api.until(401, jwt)).challenge, revokedChallenge);
  await set(['password']);
  await api.until(200, jwt);
  await dialect.api.delete(path, { jwt: await dialect.jwt() });
  await api.until(401, jwt);
});

test('everybody at home in a domain that is disabled is refused, until it is enabled', async () => {
  const token = await scopedToken(2);
  assert.equal((await api.call(token)).status, 200);
  await scoped.changeDomain(domain, { enabled: false });
  await api.until(401, token);
  await scoped.changeDomain(domain, { enabled: true });
  await api.until(200, token);
});

test('the token of a replaced pair is refused once the grace is over and the new pair was used, if only here', async () => {
  await dialect.setProperty('REFRESH_TOKEN_RENEWAL_GRACE', '1s');
  const first = await apiToken();
  assert.equal((await api.call(first.accessToken)).status, 200);
  const second = await renew(first);
  assert.equal((await api.call(first.accessToken)).status, 200);
  assert.equal((await api.call(second.accessToken)).status, 200);
  assert.equal((await api.until(401, first.accessToken)).challenge, revokedChallenge);
  assert.equal((await api.call(second.accessToken)).status, 200);
  await dialect.setProperty('REFRESH_TOKEN_RENEWAL_GRACE', '30s');
});

test('a revoked API token is refused', async () => {
  const { id, accessToken } = await apiToken();
  assert.equal((await api.call(accessToken)).status, 200);
  const path = `/account/v1/api-tokens/${id}`;
  assert.equal((await apiOf(server.url).delete(path, { jwt: await dialect.jwt() })).status, 204);
  assert.equal((await api.until(401, accessToken)).challenge, revokedChallenge);
});

test('revoking while the token is renewed and used: afterwards nothing of the session passes', async () => {
  for (let round = 0; round < 3; round += 1) {
    const grant = await dialect.grant();
    const jwts = [grant.jwt];
    const refreshes = Array.from({ length: 10 }, async () => {
      const answer = await dialect.api.post(tokensPath, {
        grant_type: 'refresh_token',
        refresh_token: grant.refreshToken,
      });
      if (answer.status === 200) jwts.push(answer.body.jwt);
      return api.call(jwts.at(-1) ?? '');
    });
    await Promise.all([...refreshes.slice(0, 5), revoke(dialect, grant), ...refreshes.slice(5)]);
    for (const jwt of jwts) await api.until(401, jwt);
  }
});

test('a revocation reaches every guard after kill -9 of the server right after its answer', async () => {
  const others = await Promise.all(
    [1, 2].map(() => startGuardedApi({ tessera: { server: server.url, credential } })),
  );
  const grant = await dialect.grant();
  for (const guarded of [api, ...others]) assert.equal((await guarded.call(grant.jwt)).status, 200);
  await revoke(dialect, grant);
  await server.kill9();
  await server.restart();
  for (const guarded of [api, ...others]) await guarded.until(401, grant.jwt);
  for (const guarded of others) await guarded.stop();
});

test('in the mode offline a revoked token is taken until its end, and one without end never', async () => {
  const offline = await startGuardedApi({ tessera: { server: server.url, mode: 'offline' } });
  const grant = await dialect.grant();
  assert.equal((await offline.call(grant.jwt)).status, 200);
  await revoke(dialect, grant);
  await api.until(401, grant.jwt);
  assert.equal((await offline.call(grant.jwt)).status, 200);
  assert.equal((await offline.call(await scopedToken(3))).status, 401);
  await offline.stop();
});

test('no more is shown of a session that is another’s, or of none, than that it does not count', async () => {
  const answers = [];
  for (const token of ['x.y.z', (await dialect.grant()).refreshToken, ''])
    answers.push(await apiOf(server.url).post('/guard/v1/introspect', { token }, { jwt: credential }));
  for (const { status, body } of answers) assert.deepEqual([status, body], [200, { active: false }]);
});
