/** Whom connections trust, and through whom they go. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createTokenClient } from '../src/index.ts';
import { openAdapter, tokenPath } from './adapter-folder.ts';
import { type ApiServer, startApi } from './api-server.ts';
import { authorityPem, expiredPem, localhostPem, otherNamesPem, serverKeyPem } from './certificates.ts';
import { failureOf } from './failure-of.ts';
import { startProxy } from './proxy-server.ts';

const call = { path: '/widgets' };

const startTlsApi = (cert: string): Promise<ApiServer> =>
  startApi(({ path }) => ({ body: path === tokenPath ? { access_token: 'tok' } : 'secure' }), {
    key: serverKeyPem,
    cert,
  });

function fileWith(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-pem-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, text);
  return file;
}

const https = { protocol: 'https' };

test('a certificate that nobody known signed is refused', async (t) => {
  await using api = await startTlsApi(localhostPem);
  const { client } = await openAdapter(t, api.port, { properties: https });
  const error = await failureOf(client.request(call));
  assert.equal(error.kind, 'token_unreachable');
  assert.match(error.message, /certificate signed by unknown authority/);
  assert.equal(api.received.length, 0);
});

test('with ca_file it is trusted, and neither an expired one nor one for another host', async (t) => {
  const properties = { ...https, ssl: { enabled: true, ca_file: fileWith(t, authorityPem) } };
  await using good = await startTlsApi(localhostPem);
  const { client } = await openAdapter(t, good.port, { properties });
  assert.equal((await client.request(call)).body, 'secure');

  for (const [cert, reason] of [
    [expiredPem, /expired/],
    [otherNamesPem, /another host/],
  ] as const) {
    await using bad = await startTlsApi(cert);
    const other = await openAdapter(t, bad.port, { properties });
    const error = await failureOf(other.client.request(call));
    assert.equal(error.kind, 'token_unreachable');
    assert.match(error.message, reason);
    assert.equal(bad.received.length, 0);
  }
});

test('accept_invalid_cert holds for that service only, and warns', async (t) => {
  await using api = await startTlsApi(localhostPem);
  const trusting = await openAdapter(t, api.port, {
    properties: { ...https, ssl: { enabled: true, accept_invalid_cert: true } },
  });
  assert.ok(trusting.client.warnings.some(({ pointer }) => pointer.includes('accept_invalid_cert')));
  assert.equal((await trusting.client.request(call)).body, 'secure');
  const strict = await openAdapter(t, api.port, { properties: https });
  assert.equal((await failureOf(strict.client.request(call))).kind, 'token_unreachable');
});

test('an HTTP server where TLS is expected: said so', async (t) => {
  await using api = await startApi(() => ({ body: 'plain' }));
  const { client } = await openAdapter(t, api.port, { properties: https });
  assert.match((await failureOf(client.request(call))).message, /does not speak TLS/);
});

for (const [what, scheme] of [
  ['plain', 'http'],
  ['TLS', 'https'],
] as const) {
  test(`a proxy is asked by CONNECT with its own credentials, and sees nothing else, over ${what}`, async (t) => {
    await using api =
      scheme === 'https'
        ? await startTlsApi(localhostPem)
        : await startApi(({ path }) => ({ body: path === tokenPath ? { access_token: 'tok' } : 'secure' }));
    await using proxy = await startProxy('user:proxy-password');
    const { client } = await openAdapter(t, api.port, {
      properties: {
        protocol: scheme,
        ssl: { enabled: scheme === 'https', ca_file: fileWith(t, authorityPem) },
        proxy: {
          enabled: true,
          host: '127.0.0.1',
          port: proxy.port,
          protocol: 'http',
          username: 'user',
          password: 'proxy-password',
        },
      },
    });
    assert.equal((await client.request(call)).body, 'secure');
    assert.ok(proxy.asked.length > 0);
    assert.ok(proxy.asked.every((line) => line === `CONNECT 127.0.0.1:${api.port}`));
    assert.ok(api.received.every(({ headers }) => headers['proxy-authorization'] === undefined));
  });
}

test('a proxy that refuses: token_unreachable, and its password is not told', async (t) => {
  await using api = await startApi(() => ({ body: 'x' }));
  await using proxy = await startProxy('user:proxy-password');
  const client = createTokenClient({
    baseUrl: api.origin,
    token: { kind: 'request', url: `${api.origin}/token` },
    proxy: { url: `http://127.0.0.1:${proxy.port}`, username: 'user', password: 'wrong-password' },
  });
  t.after(() => client.close());
  const error = await failureOf(client.request(call));
  assert.equal(error.kind, 'token_unreachable');
  assert.ok(!`${error.message}${error.stack}`.includes('wrong-password'));
  assert.equal(api.received.length, 0);
});
