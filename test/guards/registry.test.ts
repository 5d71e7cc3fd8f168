/** Registry mode and deny list, with a real server and a real guarded API. @module */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createGuard, type GuardEvent, grantJsonWebToken, jwt } from '@tessera/guard';
import { type Account, type Dialect, decodeJwt, dialectOf } from '../ciphertrust/dialect.ts';
import { forEachEngine } from '../harness/engines.ts';
import { type Answer, apiOf } from '../harness/http.ts';
import { secret } from '../harness/run-folder.ts';
import type { Server } from '../harness/server.ts';
import { type Registered, registerApplication } from './asking.ts';
import { type GuardedApi, startGuardedApi } from './guarded-api.ts';

const revoked = 'Bearer error="invalid_token", error_description="The token is revoked"';

forEachEngine((engine) => {
  let server: Server;
  let dialect: Dialect;
  let application: Registered;
  let api: GuardedApi;
  const registryOf = (mode: 'deny-list' | 'known-only', more: object = {}) => ({
    url: server.url,
    application: application.name,
    credential: application.credential,
    mode,
    ...more,
  });
  const shared = () => ({ signingKey: application.signingKey, issuer: 'IMS' });
  const post = async (path: string, body: object, account?: Account): Promise<Answer> =>
    apiOf(server.url).post(`/account/v1/${path}`, body, { jwt: await dialect.jwt(account) });
  const grant = async (fields: object = {}, account?: Account) => {
    const granted = await post('json-web-tokens', { application: application.name, ...fields }, account);
    assert.equal(granted.status, 201, granted.text);
    secret(granted.body.token.split('.')[2]);
    return granted.body as { hash: string; token: string; identity: string; expiresAt: string };
  };
  const revoke = async (hash: string, account?: Account): Promise<number> => {
    const options = { jwt: await dialect.jwt(account) };
    return (await apiOf(server.url).delete(`/account/v1/json-web-tokens/${hash}`, options)).status;
  };
  const listed = async (query: string, account?: Account) => {
    const options = { jwt: await dialect.jwt(account) };
    const list = await apiOf(server.url).get(`/account/v1/json-web-tokens?${query}`, options);
    assert.equal(list.status, 200, list.text);
    return list.body as { tokens: Record<string, unknown>[]; nextCursor: string | null };
  };
  before(async () => {
    server = await engine.start();
    dialect = dialectOf(() => server);
    application = await registerApplication(server, { issuer: 'IMS' });
    api = await startGuardedApi({ jwt: shared(), registry: registryOf('deny-list') });
  });
  after(async () => {
    await api.stop();
    await server.stop();
  });

  test('a granted token is shown once, listed and works; revoked, it is 401 and says so', async () => {
    const { hash, token, expiresAt } = await grant({
      identity: 'Adam',
      roles: ['Operator'],
      payload: { Account: 'Billing' },
      description: 'nightly',
    });
    const { claims } = decodeJwt(token);
    assert.equal(claims.Account, 'Billing');
    assert.equal(new Date(claims.exp * 1000).toISOString(), expiresAt);
    assert.deepEqual((await api.call(token)).body, { userName: 'Adam', roles: ['Operator'], scope: null });
    const [first] = (await listed('state=live')).tokens;
    assert.ok(!JSON.stringify(first).includes(token));
    const { createdAt, lastUsedAt, ...item } = first ?? {};
    assert.deepEqual(item, {
      hash,
      application: application.name,
      identity: 'Adam',
      roles: ['Operator'],
      description: 'nightly',
      expiresAt,
      state: 'live',
      revokedAt: null,
    });
    assert.deepEqual([await revoke(hash), await revoke(hash.toUpperCase())], [204, 204]);
    const refused = await api.until(401, token);
    assert.deepEqual([refused.challenge, refused.text], [revoked, '']);
    assert.deepEqual(
      (await listed('state=revoked')).tokens.map((one) => [one.hash, one.revokedAt === null]),
      [[hash, false]],
    );
  });

  test('that a token was used is noted', async () => {
    const { hash, token } = await grant();
    assert.equal((await api.call(token)).status, 200);
    const used = async () => (await listed('')).tokens.find((one) => one.hash === hash)?.lastUsedAt;
    while ((await used()) === null) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.match(String(await used()), /^\d{4}-/);
  });

  test('a token that was made offline is denied by itself, by its hash, or by the hash of its text', async () => {
    const offline = () => grantJsonWebToken({ identity: 'Eve', ...shared() });
    const [whole, named] = [offline(), offline()];
    for (const token of [whole, named]) assert.equal((await api.call(token)).status, 200);
    const denied = await post('denied-tokens', { application: application.id, token: whole });
    assert.equal(denied.status, 201, denied.text);
    const { claims } = decodeJwt(whole);
    const hashClaim = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/hash';
    assert.deepEqual(denied.body, {
      application: application.name,
      hash: claims[hashClaim],
      expiresAt: new Date(claims.exp * 1000).toISOString(),
    });
    const hash = decodeJwt(named).claims[hashClaim].toUpperCase();
    const byHash = await post('denied-tokens', { application: application.name, hash });
    assert.deepEqual([byHash.body.hash, byHash.body.expiresAt], [hash.toLowerCase(), null]);
    for (const token of [whole, named]) assert.equal((await api.until(401, token)).challenge, revoked);
  });

  test('a forged token does not shorten how long the denied one is denied', async () => {
    const token = grantJsonWebToken({ identity: 'Eve', ...shared() });
    const [header, payload] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, exp: 1 })).toString('base64url');
    const denied = await post('denied-tokens', {
      application: application.name,
      token: `${header}.${forged}.${token.split('.')[2]}`,
    });
    assert.equal(denied.body.expiresAt, null);
    assert.equal((await api.until(401, token)).challenge, revoked);
  });

  test('in the mode known-only nothing passes but what the registry granted and has not taken back', async () => {
    const known = await startGuardedApi({ jwt: shared(), registry: registryOf('known-only') });
    try {
      const granted = await grant();
      await known.until(200, granted.token);
      const offline = grantJsonWebToken({ identity: 'Eve', ...shared() });
      assert.equal((await known.call(offline)).challenge, revoked);
      assert.equal(
        (await post('denied-tokens', { application: application.name, hash: granted.hash })).status,
        201,
      );
      await known.until(401, granted.token);
    } finally {
      await known.stop();
    }
  });

  test('a new key ends what earlier keys signed: at once, or when it was said', async () => {
    const other = await registerApplication(server, { issuer: 'IMS' });
    const fields = { application: other.name };
    const [kept, ended] = [await grant(fields), await grant(fields)];
    const path = `applications/${other.id}/rotate-key`;
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const rotated = await post(path, { keepPreviousUntil: until });
    assert.equal(rotated.status, 200, rotated.text);
    secret(rotated.body.signingKey);
    assert.deepEqual([rotated.body.keyNumber, rotated.body.previousUntil], [2, until]);
    assert.notEqual(rotated.body.signingKey, other.signingKey);
    const states = async () =>
      (await listed(`application=${other.id}`)).tokens.map((one) => [one.hash, one.state]);
    assert.deepEqual(await states(), [
      [ended.hash, 'live'],
      [kept.hash, 'live'],
    ]);
    const now = await post(path, {});
    secret(now.body.signingKey);
    const renewed = await grant(fields);
    assert.deepEqual(await states(), [
      [renewed.hash, 'live'],
      [ended.hash, 'revoked'],
      [kept.hash, 'revoked'],
    ]);
  });

  test('a user grants for themselves, with roles of their own, and sees and revokes no other’s', async () => {
    const [ada, bob] = [await dialect.createUser(), await dialect.createUser()];
    const own = await grant({}, ada);
    assert.equal(own.identity, ada.username);
    const refused = [
      { application: application.name, identity: bob.username },
      { application: application.name, roles: ['admin'] },
    ];
    for (const fields of refused)
      assert.equal((await post('json-web-tokens', fields, ada)).status, 403, JSON.stringify(fields));
    assert.deepEqual(
      (await listed('', ada)).tokens.map(({ hash }) => hash),
      [own.hash],
    );
    assert.deepEqual((await listed('', bob)).tokens, []);
    assert.equal(await revoke(own.hash, bob), 404);
    assert.equal(await revoke(crypto.randomUUID(), ada), 404);
    for (const path of ['applications', 'denied-tokens']) {
      const fields = { name: 'mine', application: application.name, hash: own.hash };
      assert.equal((await post(path, fields, ada)).status, 403, path);
    }
    assert.equal((await api.call(own.token)).status, 200);
    assert.equal(await revoke(own.hash, ada), 204);
    await api.until(401, own.token);
  });

  test('a token that was handed to a program may do none of this', async () => {
    const { jwt } = await dialect.grant();
    const calls = apiOf(server.url);
    const answers = [
      await calls.get('/account/v1/json-web-tokens', { jwt }),
      await calls.post('/account/v1/json-web-tokens', { application: application.name }, { jwt }),
      await calls.delete(`/account/v1/json-web-tokens/${crypto.randomUUID()}`, { jwt }),
      await calls.post('/account/v1/denied-tokens', { application: application.name, hash: 'x' }, { jwt }),
      await calls.post('/account/v1/applications', { name: 'x' }, { jwt }),
      await calls.post(`/account/v1/applications/${application.id}/rotate-key`, {}, { jwt }),
    ];
    for (const { status, body } of answers)
      assert.deepEqual([status, body.message], [403, 'Sign in interactively to manage credentials']);
  });

  test('the tokens of a user who is disabled are denied, and good again afterwards; of one who is deleted, denied', async () => {
    const ada = await dialect.createUser();
    const { token, hash } = await grant({ identity: ada.username });
    const path = `/api/v1/usermgmt/users/${ada.userId}`;
    const set = async (methods: string[]) =>
      dialect.api.patch(path, { allowed_auth_methods: methods }, { jwt: await dialect.jwt() });
    assert.equal((await api.call(token)).status, 200);
    await set([]);
    await api.until(401, token);
    assert.equal((await listed('state=suspended')).tokens[0]?.hash, hash);
    await set(['password']);
    await api.until(200, token);
    await dialect.api.delete(path, { jwt: await dialect.jwt() });
    await api.until(401, token);
  });

  test('what cannot be granted or denied is refused with the field at fault, and nothing is made', async () => {
    const { tokens } = await listed('');
    const wrong: [string, object, string][] = [
      ['json-web-tokens', { application: application.name, payload: { ISS: 'x' } }, 'payload'],
      ['json-web-tokens', { application: application.name, expiry: '2020-01-01T00:00:00Z' }, 'expiry'],
      ['json-web-tokens', { application: application.name, expiry: 'soon' }, 'expiry'],
      ['json-web-tokens', { application: application.name, roles: [''] }, 'roles'],
      ['json-web-tokens', { application: application.name, roles: 'Operator' }, 'roles'],
      ['json-web-tokens', { application: application.name, identity: ' ' }, 'identity'],
      ['json-web-tokens', {}, 'application'],
      ['denied-tokens', { application: application.name }, 'token'],
      ['denied-tokens', { application: application.name, token: 'a.b', hash: 'x' }, 'hash'],
      ['denied-tokens', { application: application.name, token: 'a.b.c' }, 'token'],
      ['denied-tokens', { application: application.name, hash: '' }, 'hash'],
      ['applications', { name: application.name.toUpperCase() }, ''],
      ['applications', { name: 'new', signingKey: 'default_signing_key' }, 'signingKey'],
      ['applications', { name: 'new', signingKey: '' }, 'signingKey'],
      [
        `applications/${application.id}/rotate-key`,
        { keepPreviousUntil: '2020-01-01T00:00:00Z' },
        'keepPreviousUntil',
      ],
    ];
    for (const [path, fields, field] of wrong) {
      const { status, body, text } = await post(path, fields);
      assert.deepEqual([status, body.field ?? ''], [field === '' ? 409 : 400, field], text);
    }
    const missing = [
      ['json-web-tokens', { application: 'nobody' }],
      ['applications/nobody/rotate-key', {}],
    ] as const;
    for (const [path, fields] of missing) assert.equal((await post(path, fields)).status, 404, path);
    assert.deepEqual((await listed('')).tokens, tokens);
  });

  test('tokens are listed a page at a time, newest first', async () => {
    const { id } = await registerApplication(server);
    const hashes: string[] = [];
    for (let count = 0; count < 5; count += 1) hashes.unshift((await grant({ application: id })).hash);
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof listed>> = await listed(
        `application=${id}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      assert.ok(page.tokens.length <= 2);
      seen.push(...page.tokens.map(({ hash }) => hash));
      cursor = page.nextCursor;
    }
    assert.deepEqual(seen, hashes);
  });

  test('a list that is too old answers 503 with Retry-After, never a pass; revoked ones stay so after kill -9', async () => {
    const brief = await startGuardedApi({
      jwt: shared(),
      registry: registryOf('deny-list', { maxStaleSeconds: 3 }),
    });
    try {
      const [good, bad] = [await grant(), await grant()];
      assert.equal((await brief.call(good.token)).status, 200);
      assert.equal(await revoke(bad.hash), 204);
      await server.kill9();
      const stale = await brief.until(503, good.token);
      assert.ok(Number(stale.retryAfter) > 0);
      assert.equal((await brief.metrics()).denyList?.listStale, 1);
      await server.restart();
      await brief.until(200, good.token);
      await brief.until(401, bad.token);
      assert.equal((await api.until(401, bad.token)).challenge, revoked);
    } finally {
      await brief.stop();
    }
  });

  test('a guard without the right credential lets nothing pass', async () => {
    const other = await registerApplication(server);
    const token = grantJsonWebToken({ identity: 'Adam', ...shared() });
    for (const credential of [other.credential, `${application.credential.slice(0, -3)}abc`]) {
      const wrong = await startGuardedApi({
        jwt: shared(),
        registry: registryOf('deny-list', { credential }),
      });
      assert.equal((await wrong.call(token)).status, 503);
      await wrong.stop();
    }
  });

  test('of a credential that belongs to another application, the operator is told so', async () => {
    const other = await registerApplication(server);
    const { promise, resolve } = Promise.withResolvers<GuardEvent>();
    const registry = { ...registryOf('deny-list', { credential: other.credential }), log: resolve };
    const guard = createGuard({ methods: [jwt(shared())], registry });
    const { code, cause } = await promise;
    assert.equal(code, 'TESSERA_SERVER_UNAVAILABLE');
    assert.equal(cause, 'the credential of this guard is that of another application');
    await guard.close();
  });
});
