/** The guard method `nectar` in front of an API: bearers, live and offline, and HTTP Basic, against a real server. @module */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createGuard, type Guard, type NectarOptions, nectar } from '@tessera/guard';
import { principalOf, protect } from '@tessera/guard/node';
import { registerApplication } from '../guards/asking.ts';
import { type Answer, apiOf } from '../harness/http.ts';
import { auditEntries } from '../harness/stored.ts';
import { assertBadPassword, basic, errorOf, onEachEngine, second } from './dialect.ts';

interface GuardedApi {
  readonly guard: Guard;
  /** Moves the guard's clock on. */
  advance(ms: number): void;
  call(authorization?: string | readonly string[]): Promise<Answer>;
  /** Calls until it answers so; the test's own time limit ends a wait in vain. */
  until(status: number, authorization: string): Promise<void>;
  stop(): Promise<void>;
}

/** All are stopped at the end: one that a failed test left would keep this process for ever. */
const started: GuardedApi[] = [];
after(() => Promise.all(started.map((api) => api.stop())));

async function startApi(options: NectarOptions): Promise<GuardedApi> {
  let aheadMs = 0;
  const guard = createGuard({
    methods: [nectar({ log: () => {}, ...options })],
    clock: () => Date.now() + aheadMs,
    log: () => {},
  });
  const handler = protect(guard, (request, response) => {
    const { userName, roles } = principalOf(request);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ userName, roles }));
  });
  const server: HttpServer = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const call: GuardedApi['call'] = (authorization = []) =>
    apiOf(`http://127.0.0.1:${port}`).get('/', {
      headers: typeof authorization === 'string' ? { authorization } : {},
    });
  const api: GuardedApi = {
    guard,
    call,
    advance(ms) {
      aheadMs += ms;
    },
    async until(status, authorization) {
      while ((await call(authorization)).status !== status)
        await new Promise((resolve) => setTimeout(resolve, 50));
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await guard.close();
    },
  };
  started.push(api);
  return api;
}

/** The server by another address, which can go away. */
async function startRelay(target: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const relay = createServer(async (request, response) => {
    const { authorization } = request.headers;
    const answer = await fetch(target + request.url, {
      headers: authorization === undefined ? {} : { authorization },
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  }).listen(0, '127.0.0.1');
  relay.unref();
  await once(relay, 'listening');
  return {
    url: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    async stop() {
      relay.close();
      relay.closeAllConnections();
    },
  };
}

const bearer = ({ accessToken }: { readonly accessToken: string }): string => `Bearer ${accessToken}`;
onEachEngine((dialect) => {
  let live: GuardedApi;
  let offline: GuardedApi;
  before(async () => {
    const server = dialect.server.url;
    const { credential } = await registerApplication(dialect.server);
    await dialect.ciphertrust.setProperty('REFRESH_TOKEN_RENEWAL_GRACE', '0s');
    live = await startApi({ server, credential, basic: true, live: true });
    offline = await startApi({ server });
  });

  describe('bearers', () => {
    test('of an API token pass, and handlers see whose they are', async () => {
      const token = await dialect.newToken();
      for (const api of [live, offline])
        assert.deepEqual((await api.call(bearer(token))).body, {
          userName: 'admin',
          roles: ['Root', 'admin'],
        });
    });

    test('that are expired are 401 in the shape of the server, and say so', async () => {
      const token = await dialect.newToken();
      const api = await startApi({ server: dialect.server.url });
      api.advance(7_190 * second);
      assert.equal((await api.call(bearer(token))).status, 200);
      api.advance(11 * second);
      const refused = await api.call(bearer(token));
      assert.deepEqual(errorOf(refused), {
        status: 401,
        error: 'Unauthorized',
        message: 'The token is expired',
      });
      assert.equal(
        refused.headers.get('www-authenticate'),
        'Bearer error="invalid_token", error_description="The token is expired"',
      );
    });

    test('of other interfaces, forged ones and refresh tokens are refused', async () => {
      const { accessToken, refreshToken } = await dialect.newToken();
      const [head, claims] = accessToken.split('.');
      const bad = [await dialect.signIn(), `${head}.${claims}.AAAA`, refreshToken, 'made.up.token'];
      for (const api of [live, offline])
        for (const token of bad) {
          const { status, error } = errorOf(await api.call(`Bearer ${token}`));
          assert.deepEqual([status, error], [401, 'Unauthorized']);
        }
    });

    test('are refused by a live guard once revoked; an offline one takes them', async () => {
      const token = await dialect.newToken();
      assert.equal((await live.call(bearer(token))).status, 200);
      const path = `/account/v1/api-tokens/${token.id}`;
      assert.equal((await dialect.api.delete(path, { jwt: await dialect.signIn() })).status, 204);
      await live.until(401, bearer(token));
      assert.equal(errorOf(await live.call(bearer(token))).message, 'The token is revoked');
      assert.equal((await offline.call(bearer(token))).status, 200);
    });

    test('that were replaced are refused once a live guard has seen the new one, which is then known as used', async () => {
      const first = await dialect.newToken();
      const next = await dialect.next(first);
      assert.equal((await live.call(bearer(first))).status, 200);
      assert.equal((await live.call(bearer(next))).status, 200);
      await live.until(401, bearer(first));
      assert.equal((await live.call(bearer(next))).status, 200);
      const { lastUsedAddress } = await dialect.listed(first.id);
      assert.equal(lastUsedAddress, '127.0.0.1');
      assert.equal((await dialect.renew(first)).status, 401);
      const reused = await auditEntries(dialect.server, 'refresh_token_reused');
      assert.equal(reused.filter(({ target }) => target === first.id).length, 1);
    });
  });

  describe('Basic', () => {
    test('lets a local user in, whom the server is asked about, and remembers that for half a minute', async () => {
      const { username, password } = await dialect.ciphertrust.createUser();
      const good = basic(username, password);
      assert.deepEqual((await live.call(good)).body, { userName: username, roles: [] });
      await dialect.api.put(
        '/account/v1/password',
        { password, newPassword: 'Another-pass-1' },
        { jwt: await dialect.signIn({ username, password }) },
      );
      assert.equal((await live.call(good)).status, 200);
      live.advance(31 * second);
      assertBadPassword(await live.call(good));
    });

    test('refuses whoever is wrong alike, with the way out', async () => {
      const { username, password } = await dialect.ciphertrust.createUser();
      for (const wrong of [
        basic(username, 'no'),
        basic('nobody', password),
        basic('', ''),
        basic(username, ''),
      ])
        assertBadPassword(await live.call(wrong));
      const reasons = (await auditEntries(dialect.server, 'basic')).map(({ reason }) => reason);
      assert.deepEqual(reasons.slice(-4), ['bad_password', 'unknown_user', 'unknown_user', 'bad_password']);
    });

    test('shares the throttle of the server', async () => {
      const { username } = await dialect.ciphertrust.createUser();
      for (let count = 0; count < 30; count += 1) await live.call(basic(username, 'wrong'));
      const slowed = await live.call(basic(username, 'wrong'));
      assert.equal(errorOf(slowed).status, 429);
      assert.ok(Number(slowed.headers.get('retry-after')) > 0);
    });

    test('is not taken where it was not asked for, nor as a way around a bad bearer', async () => {
      const good = basic('admin', dialect.server.adminPassword);
      assert.equal((await offline.call(good)).status, 401);
      assert.equal((await live.call(good)).status, 200);
      assert.equal(errorOf(await live.call('Bearer made.up.token')).status, 401);
      assert.equal(
        (await live.call()).headers.get('www-authenticate'),
        'Bearer, Basic realm="Tessera", charset="UTF-8"',
      );
    });

    test('without a server to ask is 503', async () => {
      const api = await startApi({ server: 'http://127.0.0.1:9', basic: true });
      const { status, headers } = await api.call(basic('ada', 'secret'));
      assert.equal(status, 503);
      assert.ok(Number(headers.get('retry-after')) > 0);
    });
  });

  describe('a live guard without a credential asks about each token', () => {
    test('and refuses what was revoked within fifteen seconds', async () => {
      const api = await startApi({ server: dialect.server.url, live: true });
      const token = await dialect.newToken();
      assert.deepEqual((await api.call(bearer(token))).body.userName, 'admin');
      assert.ok((await dialect.listed(token.id)).lastUsedAt !== null);
      const path = `/account/v1/api-tokens/${token.id}`;
      assert.equal((await dialect.api.delete(path, { jwt: await dialect.signIn() })).status, 204);
      assert.equal((await api.call(bearer(token))).status, 200);
      api.advance(11 * second);
      assert.equal(errorOf(await api.call(bearer(token))).message, 'The token is revoked');
    });

    test('goes by the last answer for 300 s while the server is away, and is 503 after', async () => {
      const token = await dialect.newToken();
      const relay = await startRelay(dialect.server.url);
      const api = await startApi({ server: relay.url, issuer: dialect.server.url, live: true });
      assert.equal((await api.call(bearer(token))).status, 200);
      await relay.stop();
      api.advance(290 * second);
      assert.equal((await api.call(bearer(token))).status, 200);
      api.advance(11 * second);
      assert.equal((await api.call(bearer(token))).status, 503);
    });
  });

  test('plain HTTP is for this machine alone', () => {
    assert.throws(() => nectar({ server: 'http://tessera.example' }), TypeError);
  });
});
