/** Refresh tokens that somebody keeps: saved before they are used, renewed by one at a time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createTokenClient,
  type RefreshTokenStore,
  Secret,
  type TokenClient,
  type TokenClientConfig,
} from '../src/index.ts';
import { type ApiServer, startApi } from './api-server.ts';
import { failureOf } from './failure-of.ts';

const call = { path: '/widgets' };

interface Provider extends AsyncDisposable {
  readonly server: ApiServer;
  /** The refresh token that is good now. */
  current: string;
  readonly refused: Set<string>;
  readonly renewals: () => number;
}

/** Rotates at every renewal; a refresh token that was spent is refused. */
async function startProvider(): Promise<Provider> {
  let number = 0;
  let overlapping = 0;
  const provider: Provider = {
    server: await startApi(async ({ path, body, headers }) => {
      if (path !== '/token') {
        const isRefused = provider.refused.has(headers.authorization ?? '');
        return isRefused ? { status: 401 } : { body: { by: headers.authorization } };
      }
      const fields = new URLSearchParams(body);
      if (fields.get('grant_type') === 'password')
        return {
          body: { access_token: `login-${++number}`, refresh_token: provider.current, expires_in: 3600 },
        };
      assert.equal(++overlapping, 1, 'renewals of one refresh token never overlap');
      await new Promise((resolve) => setTimeout(resolve, 10));
      overlapping--;
      if (fields.get('refresh_token') !== provider.current)
        return { status: 400, body: { error: 'invalid_grant' } };
      provider.current = `rt-${++number}`;
      return { body: { access_token: `at-${number}`, refresh_token: provider.current, expires_in: 3600 } };
    }),
    current: 'rt-0',
    refused: new Set(),
    renewals: () => provider.server.count('/token'),
    [Symbol.asyncDispose]: () => provider.server[Symbol.asyncDispose](),
  };
  return provider;
}

interface Store extends RefreshTokenStore {
  kept: string | null;
  readonly saved: string[];
  state: 'works' | 'cannot save' | 'cannot load';
}

function storeWith(kept: string | null): Store {
  const store: Store = {
    kept,
    saved: [],
    state: 'works',
    async load() {
      if (store.state === 'cannot load') throw new Error('disk with rt-secret on fire');
      return store.kept;
    },
    async save(next) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (store.state === 'cannot save') throw new Error('disk full');
      store.kept = next.reveal();
      store.saved.push(store.kept);
    },
  };
  return store;
}

function openClient(
  provider: Provider,
  store: Store,
  more: Partial<TokenClientConfig['token']> = {},
): TokenClient {
  const url = `${provider.server.origin}/token`;
  return createTokenClient({
    timeoutMs: 20_000,
    baseUrl: provider.server.origin,
    token: {
      kind: 'refresh-token',
      url,
      clientId: 'me',
      refreshToken: store,
      ...more,
    } as TokenClientConfig['token'],
  });
}

test('twenty at once renew once; the new refresh token is saved before any call goes out', async (t) => {
  await using provider = await startProvider();
  const store = storeWith('rt-0');
  const client = openClient(provider, store);
  t.after(() => client.close());
  const savedAtCall: number[] = [];
  const { save } = store;
  store.save = async (next) => {
    savedAtCall.push(provider.server.count('/widgets'));
    await save(next);
  };
  await Promise.all(Array.from({ length: 20 }, () => client.request(call)));
  assert.equal(provider.renewals(), 1);
  assert.deepEqual(store.saved, ['rt-1']);
  assert.deepEqual(savedAtCall, [0]);
  const [renewal] = provider.server.received;
  assert.equal(renewal?.body, 'grant_type=refresh_token&refresh_token=rt-0&client_id=me');
});

test('a refused access token is renewed with the rotated refresh token', async (t) => {
  await using provider = await startProvider();
  const store = storeWith('rt-0');
  const client = openClient(provider, store);
  t.after(() => client.close());
  await client.request(call);
  provider.refused.add('Bearer at-1');
  assert.equal((await client.request(call)).attempts, 2);
  assert.deepEqual(store.saved, ['rt-1', 'rt-2']);
});

test('what cannot be saved fails the flight with store_failed, and serves the next attempt from memory', async (t) => {
  await using provider = await startProvider();
  const store = storeWith('rt-0');
  const client = openClient(provider, store);
  t.after(() => client.close());
  store.state = 'cannot save';
  const error = await failureOf(client.request(call));
  assert.deepEqual([error.kind, error.stage, error.icode], ['store_failed', 'token', 'AD.402']);
  assert.equal(provider.server.count('/widgets'), 0);
  assert.equal((await failureOf(client.request(call))).kind, 'store_failed');
  store.state = 'works';
  assert.equal((await client.request(call)).status, 200);
  assert.equal(store.kept, provider.current);
  assert.equal(provider.renewals(), 3);
});

test('a store that cannot be read: store_failed, and nothing is sent', async (t) => {
  await using provider = await startProvider();
  const store = storeWith('rt-0');
  store.state = 'cannot load';
  const client = openClient(provider, store);
  t.after(() => client.close());
  const error = await failureOf(client.request(call));
  assert.equal(error.kind, 'store_failed');
  assert.ok(!error.message.includes('rt-secret'));
  assert.equal(provider.server.received.length, 0);
});

test('refused, or none: login_required, asked with once and not again until another is stored', async (t) => {
  await using provider = await startProvider();
  for (const kept of ['rt-wrong', null, '']) {
    const store = storeWith(kept);
    const client = openClient(provider, store);
    t.after(() => client.close());
    const before = provider.renewals();
    for (let at = 0; at < 3; at++) {
      const error = await failureOf(client.request(call));
      assert.equal(error.kind, 'login_required');
      assert.match(error.cure ?? '', /sign in again and store the new refresh token/);
    }
    assert.equal(provider.renewals() - before, kept ? 1 : 0);
    store.kept = provider.current;
    assert.equal((await client.request(call)).status, 200);
  }
});

test('with a login it is asked when the refresh token is refused, and its refresh token saved', async (t) => {
  await using provider = await startProvider();
  const store = storeWith('rt-wrong');
  const url = `${provider.server.origin}/token`;
  const login = { kind: 'password', url, username: 'ada', password: new Secret('pw') } as const;
  const client = openClient(provider, store, { login });
  t.after(() => client.close());
  assert.deepEqual((await client.request(call)).body, { by: 'Bearer login-1' });
  assert.deepEqual(store.saved, ['rt-0']);
  provider.refused.add('Bearer login-1');
  assert.deepEqual((await client.request(call)).body, { by: 'Bearer at-2' });
});

test('two clients of one store never renew at once', async (t) => {
  await using provider = await startProvider();
  const store = storeWith('rt-0');
  const clients = [openClient(provider, store), openClient(provider, store)];
  t.after(() => Promise.all(clients.map((client) => client.close())));
  await Promise.all(clients.map((client) => client.request(call)));
  assert.deepEqual(store.saved, ['rt-1', 'rt-2']);
});

test('a renewal whose callers have all left is brought to its end and saved', async (t) => {
  await using provider = await startProvider();
  const store = storeWith('rt-0');
  const client = openClient(provider, store);
  t.after(() => client.close());
  const leaving = new AbortController();
  const pending = client.request({ ...call, signal: leaving.signal });
  while (provider.renewals() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  leaving.abort();
  await assert.rejects(pending, { name: 'AbortError' });
  assert.equal((await client.request(call)).status, 200);
  assert.equal(provider.renewals(), 1);
  assert.equal(store.kept, 'rt-1');
});
