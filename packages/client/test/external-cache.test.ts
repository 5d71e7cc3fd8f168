/** Tokens kept outside the process: sealed, shared, and no harm when the cache fails. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redisCache, Secret, type TokenCache } from '../src/index.ts';
import { password } from './adapter/founding-adapter.ts';
import { openAdapter } from './adapter-folder.ts';
import { clockAtZero } from './clock.ts';
import { redisClient } from './redis-client.ts';
import { startRedis } from './redis-server.ts';
import { startTokenApi } from './token-api.ts';

const call = { path: '/widgets' };
const parts = { authentication: { token_cache: 'redis' } };
const cacheSecret = 'the secret of the cache, 32 characters';

test('clients of one Redis share a token, a refusal included', async (t) => {
  await using redis = await startRedis();
  await using api = await startTokenApi();
  const open = async (secret: string | Secret = cacheSecret): ReturnType<typeof openAdapter> => {
    const connection = await redisClient(redis.port);
    t.after(() => connection.close());
    return openAdapter(t, api.port, parts, {
      cache: redisCache(connection.command),
      cacheSecret: secret,
      adapterId: 'one',
    });
  };
  const [one, other, stranger] = [await open(), await open(new Secret(cacheSecret)), await open('another')];
  await one.client.request(call);
  await other.client.request(call);
  assert.equal(api.tokens(), 1);

  api.refuse('tok-1');
  assert.equal((await other.client.request(call)).attempts, 2);
  assert.equal((await one.client.request(call)).attempts, 1);
  assert.equal(api.tokens(), 2);

  await stranger.client.request(call);
  assert.equal(api.tokens(), 3, 'another secret opens nothing and disturbs nothing');
  await one.client.request(call);
  assert.equal(api.tokens(), 3);
});

test('nothing in the cache is a secret, and entries end with the token', async (t) => {
  await using redis = await startRedis();
  await using api = await startTokenApi();
  const connection = await redisClient(redis.port);
  t.after(() => connection.close());
  const { client } = await openAdapter(t, api.port, parts, {
    cache: redisCache(connection.command),
    cacheSecret,
  });
  await Promise.all(Array.from({ length: 20 }, () => client.request(call)));
  assert.equal(api.tokens(), 1);
  const [entry, ...more] = redis.entries();
  assert.ok(entry !== undefined);
  assert.equal(more.length, 0);
  const everything = JSON.stringify(redis.entries());
  const decoded = Buffer.from(entry.text, 'base64url').toString('latin1');
  for (const secret of ['tok-1', password, cacheSecret, 'systemuser']) {
    assert.ok(!everything.includes(secret) && !decoded.includes(secret), secret);
  }
  assert.ok(entry.ttlMs > 134_000 && entry.ttlMs <= 135_000, String(entry.ttlMs));
});

test('an entry that was changed, moved or made up counts as nothing, and an event says so', async (t) => {
  const texts = new Map<string, string>();
  const cache: TokenCache = {
    get: async (key) => texts.get(key),
    set: async (key, text) => texts.set(key, text),
    delete: async (key) => texts.delete(key),
  };
  await using api = await startTokenApi();
  const { client, events } = await openAdapter(t, api.port, parts, { cache, cacheSecret });
  await client.request(call);
  await client.request({ ...call, authData: { tenant: 'a' } });
  const [[one, text], [other, another]] = [...texts] as [[string, string], [string, string]];
  const flipped = `${text.slice(0, 40)}${text[40] === 'A' ? 'B' : 'A'}${text.slice(41)}`;
  for (const wrong of [another, flipped, 'nonsense', '{}', 'A'.repeat(200)]) {
    const before = api.tokens();
    texts.set(one, wrong);
    await client.request(call);
    assert.equal(api.tokens(), before + 1, wrong.slice(0, 10));
  }
  assert.ok(texts.has(other));
  const failures = events.filter(({ kind }) => kind === 'cache_failed');
  assert.equal(failures.length, 5);
});

test('a cache that fails or never answers is told of, and counts as empty', async (t) => {
  await using api = await startTokenApi();
  const down = async (): Promise<never> => {
    throw new Error(`connect redis://user:${password}@cache`);
  };
  const cache: TokenCache = { get: down, set: down, delete: down };
  const { client, events } = await openAdapter(t, api.port, parts, { cache, cacheSecret });
  await client.request(call);
  await client.request(call);
  assert.equal(api.tokens(), 2);
  api.refuse('tok-3');
  assert.equal((await client.request(call)).attempts, 2);
  const failures = events.filter((event) => event.kind === 'cache_failed');
  assert.deepEqual([...new Set(failures.map(({ operation }) => operation))], ['get', 'set']);
  assert.ok(!JSON.stringify(failures).includes(password));

  const silent = (): Promise<never> => new Promise(() => {});
  const hanging = await openAdapter(t, api.port, parts, {
    cache: { get: silent, set: silent, delete: silent },
    cacheSecret,
  });
  const started = performance.now();
  assert.equal((await hanging.client.request(call)).status, 200);
  assert.ok(performance.now() - started < 20_000);
});

test('a refresh token is shared by the cache as well', async (t) => {
  await using redis = await startRedis();
  await using api = await startTokenApi({ beside: { refresh_token: 'RT1' } });
  const clock = clockAtZero();
  const withRefresh = {
    authentication: {
      token_cache: 'redis',
      refresh_token_request: {
        requestFields: { grant_type: 'refresh_token' },
        refresh_token: { placement: 'body', token_timeout: 3_600_000 },
      },
    },
    answer: { refreshToken: { type: 'string', external_name: 'refresh_token' } },
    actions: [
      {
        name: 'getRefreshToken',
        protocol: 'REST',
        method: 'POST',
        entitypath: '/api/{version}/authentication/signin/refresh',
        requestSchema: 'schemaTokenReq.json',
        responseSchema: 'schemaTokenResp.json',
      },
    ],
  };
  const open = async (): ReturnType<typeof openAdapter> => {
    const connection = await redisClient(redis.port);
    t.after(() => connection.close());
    const options = { cache: redisCache(connection.command), cacheSecret, now: clock.now, adapterId: 'one' };
    return openAdapter(t, api.port, withRefresh, options);
  };
  await (await open()).client.request(call);
  clock.moveTo(136);
  await (await open()).client.request(call);
  const asked = api.server.received.filter(({ path }) => path.includes('signin'));
  assert.deepEqual(
    asked.map(({ path }) => path),
    ['/api/v1/authentication/signin', '/api/v1/authentication/signin/refresh'],
  );
});
