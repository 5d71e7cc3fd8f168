/** `@tessera/client` in front of a Tessera server: its refresh tokens are renewed in each dialect, and kept before use. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTokenClient, type Secret, type TokenClient, TokenClientError } from '@tessera/client';
import { dialectOf as ciphertrustOf } from '../ciphertrust/dialect.ts';
import { type Server, startServer } from '../harness/server.ts';
import { dialectOf as nebularstackOf } from '../nebularstack/dialect.ts';
import { dialectOf as nectarOf } from '../nectar/dialect.ts';

let server: Server;
before(async () => {
  server = await startServer({ env: { TESSERA_TLS_PROXY: 'true', TESSERA_TRUST_PROXY: '127.0.0.1' } });
});
after(() => server?.stop());

interface Pair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

const texts = (pair: { accessToken: Secret; refreshToken: Secret }): Pair => ({
  accessToken: pair.accessToken.reveal(),
  refreshToken: pair.refreshToken.reveal(),
});

async function loginRequired(client: TokenClient, path: string): Promise<void> {
  const stale = await client.tokenSource.get();
  client.tokenSource.refuse(stale);
  await assert.rejects(
    client.request({ path }),
    (error: unknown) => error instanceof TokenClientError && error.kind === 'login_required',
  );
}

test('ciphertrust: one renewal for twenty calls; the successor is kept; a revoked one asks for a login', async () => {
  const { refreshToken, clientId } = await ciphertrustOf(() => server).grant();
  let kept = refreshToken;
  const first = kept;
  const client = createTokenClient({
    baseUrl: server.url,
    token: {
      kind: 'tessera',
      dialect: 'ciphertrust',
      url: server.url,
      refreshToken: {
        load: async () => kept,
        save: async (next) => {
          kept = next.reveal();
        },
      },
    },
  });
  const path = '/api/v1/auth/self/user';
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.request({ path })));
  assert.ok(answers.every(({ status }) => status === 200));
  assert.notEqual(kept, first);
  const { expiresAtMs } = await client.tokenSource.get();
  assert.ok(expiresAtMs !== null && expiresAtMs - Date.now() <= 300_000);
  await client.request({
    method: 'POST',
    path: '/api/v1/auth/revoke',
    body: { token: kept, client_id: clientId },
  });
  await loginRequired(client, path);
  await client.close();
});

test('nebularstack: the pair is renewed and kept together', async () => {
  const dialect = nebularstackOf(() => server);
  const domain = await dialect.createDomain();
  const account = await dialect.createUser(domain, ['Support', domain]);
  const { body } = await dialect.v2(account, { domain });
  let kept: Pair = { accessToken: body.token, refreshToken: body.refresh_token };
  const first = kept;
  const client = createTokenClient({
    baseUrl: server.url,
    place: { field: 'header.headers.X-Auth-Token' },
    token: {
      kind: 'tessera',
      dialect: 'nebularstack',
      url: server.url,
      refreshToken: {
        load: async () => kept,
        save: async (next) => {
          kept = texts(next);
        },
      },
    },
  });
  assert.equal((await client.request({ path: '/v1/access' })).status, 200);
  assert.notEqual(kept.accessToken, first.accessToken);
  await dialect.changeUser(account, { enabled: false });
  await loginRequired(client, '/v1/access');
  await client.close();
});

test('nectar: every renewal brings a new pair, kept before it is used', async () => {
  const dialect = nectarOf(() => server);
  const generated = await dialect.newToken();
  let kept: Pair = generated;
  const saved: string[] = [];
  const client = createTokenClient({
    baseUrl: server.url,
    token: {
      kind: 'tessera',
      dialect: 'nectar',
      url: server.url,
      refreshToken: {
        load: async () => kept,
        save: async (next) => {
          kept = texts(next);
          saved.push(kept.refreshToken);
        },
      },
    },
  });
  assert.equal((await client.request({ path: '/account/v1/me' })).status, 200);
  client.tokenSource.refuse(await client.tokenSource.get());
  assert.equal((await client.request({ path: '/account/v1/me' })).status, 200);
  assert.equal(new Set([generated.refreshToken, ...saved]).size, 3);
  await client.close();
});
