/** Servers that answer what nobody expects, slowly, without end, or from elsewhere. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openAdapter } from './adapter-folder.ts';
import { startApi } from './api-server.ts';
import { failureOf } from './failure-of.ts';
import { startTokenApi } from './token-api.ts';

const call = { path: '/widgets' };
const post = { method: 'POST', path: '/widgets', body: { name: 'x' } };
const mebibyte = 1024 * 1024;
const quick = { properties: { request: { attempt_timeout: 300 } } };

for (const [what, reply, kind] of [
  [
    'HTML',
    { body: '<!doctype html><title>Sign in</title>', headers: { 'content-type': 'text/html' } },
    'token_unreadable',
  ],
  ['nothing', { body: '' }, 'token_unreadable'],
  ['half a JSON', { body: '{"access_token":' }, 'token_unreadable'],
  ['null', { body: 'null' }, 'token_missing'],
  ['an empty token', { body: { access_token: '' } }, 'token_missing'],
  ['a number', { body: { access_token: 42 } }, 'token_wrong_type'],
  ['an object', { body: { access_token: {} } }, 'token_wrong_type'],
  ['2 MiB', { body: { access_token: 'x'.repeat(2 * mebibyte) } }, 'token_too_large'],
  ['70 KiB of headers', { body: '{}', headers: { 'x-a': 'x'.repeat(70 * 1024) } }, 'token_too_large'],
  ['1 GiB, compressed to 1 MB', { body: 'gzip', headers: { 'content-encoding': 'gzip' } }, 'token_too_large'],
] as const) {
  test(`a token answer that is ${what}: ${kind}, and the next call is none the worse`, async (t) => {
    let isWell = false;
    await using api = await startTokenApi({
      tokenReply: (_number, _request) => (isWell ? { body: { access_token: 'tok' } } : reply),
    });
    if (reply.body === 'gzip') {
      const bomb = gzipSync(Buffer.alloc(64 * mebibyte));
      api.server.handle((_, response) => {
        if (isWell) return { body: { access_token: 'tok' } };
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
        return null;
      });
    }
    const { client } = await openAdapter(t, api.port);
    const error = await failureOf(client.request(call));
    assert.equal(error.kind, kind);
    assert.equal(error.stage, 'token');
    isWell = true;
    assert.equal((await client.request(call)).status, 200);
  });
}

/** Writes until `chunks` are out or nobody takes them; the next one when the last has left. */
function pour(response: ServerResponse, chunks: number, written: () => void = () => {}): void {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  const more = (left: number): void => {
    if (left === 0) response.end();
    else if (response.socket?.destroyed === false) {
      response.write(chunk, (error) => {
        written();
        if (error == null) more(left - 1);
      });
    }
  };
  response.writeHead(200);
  more(chunks);
}

test('an answer without end is cut off at its limit: of a token 1 MiB, of a call what is configured', async (t) => {
  await using api = await startApi(({ path }, response) => {
    if (path.includes('signin') && isTokenEndless) pour(response, Number.POSITIVE_INFINITY);
    else if (path.includes('signin')) return { body: { access_token: 'tok' } };
    else pour(response, Number.POSITIVE_INFINITY);
    return null;
  });
  let isTokenEndless = true;
  const { client } = await openAdapter(t, api.port, {}, { maxCallResponseBytes: 100_000 });
  assert.equal((await failureOf(client.request(call))).kind, 'token_too_large');
  isTokenEndless = false;
  const error = await failureOf(client.request(call));
  assert.equal(error.kind, 'call_disconnected');
  assert.match(error.message, /larger than 100000 bytes/);
  const response = await client.fetch('/widgets');
  await assert.rejects(response.arrayBuffer(), /larger than 100000 bytes/);
});

test('a large answer of a call is streamed, no faster than it is read', async (t) => {
  const chunks = 1600;
  let written = 0;
  await using api = await startTokenApi();
  const { client } = await openAdapter(t, api.port);
  await client.tokenSource.get();
  api.server.handle((_, response) => {
    pour(response, chunks, () => written++);
    return null;
  });
  const response = await client.fetch('/widgets');
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let bytes = (await reader.read()).value?.length ?? 0;
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.ok(written < chunks / 2, `${written} of ${chunks} parts were taken though nobody read them`);
  for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.length;
  assert.equal(bytes, chunks * 64 * 1024);
});

test('a server that never answers, or never ends its answer: a time-out, by stage', async (t) => {
  let isTokenSlow = true;
  await using api = await startApi(({ path }, response) => {
    if (path.includes('signin')) return isTokenSlow ? null : { body: { access_token: 'tok' } };
    if (path.includes('half')) response.writeHead(200).write('beginning');
    return null;
  });
  const impatient = await openAdapter(t, api.port, quick);
  const token = await failureOf(impatient.client.request(call));
  assert.deepEqual([token.kind, token.icode], ['token_timeout', 'AD.402']);
  isTokenSlow = false;
  const { client } = await openAdapter(t, api.port, { ...quick, action: { timeout: 20_000 } });
  for (const path of ['/silent', '/half']) {
    const error = await failureOf(client.request({ path }));
    assert.deepEqual([error.kind, error.icode, error.attempts], ['call_timeout', 'AD.501', 1]);
  }
  await assert.rejects(client.fetch('/silent'), { kind: 'call_timeout' });
  const response = await client.fetch('/half').catch((error: unknown) => error);
  // On a busy machine its head may have come too late as well.
  if (response instanceof Response) await assert.rejects(response.text());
});

test('the time-out of the action is that of the token request alone', async (t) => {
  await using api = await startApi(() => null);
  const { client } = await openAdapter(t, api.port, { action: { timeout: 200 } });
  assert.equal((await failureOf(client.request(call))).kind, 'token_timeout');
});

async function rawServer(onSocket: (socket: Socket) => void): Promise<AsyncDisposable & { port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    onSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

for (const [what, write] of [
  ['closes at once', (socket: Socket) => socket.destroy()],
  ['closes when asked', (socket: Socket) => socket.once('data', () => socket.destroy())],
  ['speaks no HTTP', (socket: Socket) => socket.once('data', () => socket.end('220 mail.example ESMTP\r\n'))],
  [
    'closes in the middle of an answer',
    (socket: Socket) =>
      socket.once('data', () =>
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"access_token":"x'),
      ),
  ],
] as const) {
  test(`a server that ${what}: token_unreachable, without delay`, async (t) => {
    await using server = await rawServer(write);
    const { client } = await openAdapter(t, server.port);
    assert.equal((await failureOf(client.request(call))).kind, 'token_unreachable');
  });
}

test('no server: token_unreachable with a cure, and AD.400 when no token is kept', async (t) => {
  await using server = await rawServer(() => {});
  const { port } = server;
  await server[Symbol.asyncDispose]();
  const kept = await openAdapter(t, port);
  const error = await failureOf(kept.client.request(call));
  assert.deepEqual([error.kind, error.icode], ['token_unreachable', 'AD.402']);
  assert.match(error.message, /connection refused.*check protocol, host, port/);
  const perCall = await openAdapter(t, port, { authentication: { token_timeout: -1 } });
  assert.equal((await failureOf(perCall.client.request(call))).icode, 'AD.400');
});

test('a call whose connection is lost is not sent again', async (t) => {
  await using api = await startTokenApi();
  const { client } = await openAdapter(t, api.port);
  await client.tokenSource.get();
  api.server.handle((_, response) => {
    response.socket?.destroy();
    return null;
  });
  const error = await failureOf(client.request(call));
  assert.deepEqual([error.kind, error.icode, error.attempts], ['call_disconnected', 'AD.502', 1]);
  assert.equal(api.calls(), 1);
});

test('a redirect to another origin: refused for token requests and POST; a GET goes on without the token', async (t) => {
  await using elsewhere = await startApi(() => ({ body: 'elsewhere' }));
  const away = { status: 307, headers: { location: `${elsewhere.origin}/landing` } };
  let isTokenMoved = true;
  await using api = await startTokenApi({
    tokenReply: () => (isTokenMoved ? away : { body: { access_token: 'tok' } }),
    callReply: () => away,
  });
  const parts = { properties: { request: { number_redirects: 3 } } };
  const { client } = await openAdapter(t, api.port, parts);
  const token = await failureOf(client.request(call));
  assert.deepEqual([token.kind, token.stage, token.icode], ['redirect_refused', 'token', 'AD.402']);
  isTokenMoved = false;
  const posted = await failureOf(client.request(post));
  assert.deepEqual([posted.kind, posted.stage, posted.icode], ['redirect_refused', 'call', 'AD.500']);
  assert.equal(elsewhere.received.length, 0);

  const headers = { authorization: 'own', cookie: 'own=1', 'x-own': 'kept' };
  assert.equal((await client.request({ ...call, headers })).body, 'elsewhere');
  const [landed] = elsewhere.received;
  assert.equal(landed?.headers['x-own'], 'kept');
  assert.ok(!/tok|own=1/.test(JSON.stringify(landed)), 'neither token nor cookie arrives');
  assert.equal(landed?.headers.authorization, undefined);
});

test('redirects within the origin are followed as often as configured, with the token; by default never', async (t) => {
  await using api = await startTokenApi({
    callReply: ({ path }) => {
      const step = Number(path.slice(1));
      return step > 0 ? { status: 302, headers: { location: `/${step - 1}` } } : { body: 'arrived' };
    },
  });
  const parts = { properties: { request: { number_redirects: 2 } } };
  const { client } = await openAdapter(t, api.port, parts);
  assert.equal((await client.request({ path: '/2' })).body, 'arrived');
  assert.ok(
    api.server.received.every(
      ({ path, headers }) => path.includes('signin') || headers.authorization === 'tok-1',
    ),
  );
  assert.equal((await failureOf(client.request({ path: '/3' }))).status, 302);

  const never = await openAdapter(t, api.port);
  assert.equal((await failureOf(never.client.request({ path: '/1' }))).status, 302);
  assert.equal((await never.client.fetch('/1')).status, 302);
  api.server.handle(({ path }) =>
    path.includes('signin')
      ? { body: { access_token: 'tok' } }
      : { status: 307, headers: { location: path === '/away' ? 'http://elsewhere.example/' : '/1' } },
  );
  assert.equal((await failureOf(never.client.request({ ...post, path: '/away' }))).kind, 'redirect_refused');
  assert.equal((await failureOf(never.client.request(post))).kind, 'call_status');
});

test('a token goes to the configured origin and allowed ones only', async (t) => {
  await using other = await startApi(() => ({ body: 'other' }));
  await using api = await startTokenApi();
  const { client } = await openAdapter(t, api.port);
  for (const path of [
    `${other.origin}/x`,
    'https://127.0.0.1/x',
    'file:///etc/passwd',
    'http://u:p@127.0.0.1/',
  ]) {
    assert.equal((await failureOf(client.request({ path }))).kind, 'foreign_origin');
    assert.equal((await failureOf(client.fetch(path))).kind, 'foreign_origin');
  }
  await client.request({ path: `//127.0.0.1:${other.port}/x` });
  assert.equal(other.received.length, 0);
  assert.equal((await client.request({ path: `${api.server.origin}/x` })).status, 200);
  const allowed = await openAdapter(t, api.port, {}, { allowedOrigins: [other.origin] });
  await allowed.client.request({ path: `${other.origin}/x` });
  assert.equal(other.received[0]?.headers.authorization, 'tok-2');
});

for (const [what, token] of [
  ['a line break', 'tok\r\nX-Admin: yes'],
  ['a character outside Latin-1', 'tok\u20ac'],
  ['NUL', 'tok\u0000'],
] as const) {
  test(`a token with ${what} in a header: unsafe_header, and no call`, async (t) => {
    await using api = await startTokenApi({ tokenReply: () => ({ body: { access_token: token } }) });
    const { client } = await openAdapter(t, api.port);
    assert.equal((await failureOf(client.request(call))).kind, 'unsafe_header');
    assert.equal(api.calls(), 0);
  });
}

test('a compressed answer is read, by request and by fetch', async (t) => {
  await using api = await startTokenApi();
  const { client } = await openAdapter(t, api.port);
  await client.tokenSource.get();
  api.server.handle((_, response) => {
    const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
    response.writeHead(200, headers).end(gzipSync('{"packed":true}'));
    return null;
  });
  assert.deepEqual((await client.request(call)).body, { packed: true });
  assert.deepEqual(await (await client.fetch('/x')).json(), { packed: true });
});
