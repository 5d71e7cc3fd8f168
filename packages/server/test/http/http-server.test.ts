import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { after, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { refuse } from '../../src/domain/problem.ts';
import { sendJson } from '../../src/http/answer.ts';
import { createHttpServer, type HttpOptions } from '../../src/http/http-server.ts';
import { Metrics } from '../../src/http/metrics.ts';
import { originOf } from '../../src/http/origin.ts';
import type { ErrorFace } from '../../src/http/refusal.ts';

const face =
  (name: string): ErrorFace =>
  (refusal, requestId) => ({
    status:
      { unknown_route: 404, method_not_allowed: 405, too_large: 413, fault: 500, unavailable: 503 }[
        refusal.kind as string
      ] ?? 400,
    headers: refusal.kind === 'method_not_allowed' ? { allow: refusal.allow } : {},
    body: JSON.stringify({ face: name, kind: refusal.kind, requestId }),
  });

class Away extends Error {}

interface Logged {
  readonly level: string;
  readonly message: string;
  readonly detail: Record<string, unknown>;
}

const opened: FastifyInstance[] = [];
after(() => Promise.all(opened.map((app) => app.close())));

async function createApp(
  options: Partial<HttpOptions> = {},
): Promise<{ app: FastifyInstance; logged: Logged[] }> {
  const logged: Logged[] = [];
  const app = await createHttpServer({
    tls: null,
    trustedProxies: [],
    face: face('outside'),
    findProblem: (error) => (error instanceof Away ? { kind: 'unavailable', reason: 'away' } : null),
    log: (level, message, detail) => void logged.push({ level, message, detail }),
    logRequests: 'slow',
    metrics: new Metrics(),
    version: '1.2.3',
    unreadiness: () => Promise.resolve(null),
    dialects: [
      {
        name: 'inside',
        prefix: '/in',
        face: face('inside'),
        plugin: async (scope) => {
          scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
          scope.get('/thing/:id', (request, reply) =>
            sendJson(reply, 200, JSON.stringify(originOf(request))),
          );
          scope.delete('/thing/:id', (_request, reply) => sendJson(reply, 200, '{}'));
          scope.post('/defect', () => {
            throw new Error('the secret inside');
          });
          scope.post('/away', () => Promise.reject(new Away('the disk is full')));
          scope.post('/refused', () => Promise.reject(refuse('malformed', 'x')));
        },
      },
    ],
    ...options,
  });
  opened.push(app);
  await app.ready();
  return { app, logged };
}

test('unknown paths get the words of the dialect they are under, and its request id', async () => {
  const { app } = await createApp();
  for (const [url, words] of [
    ['/in/nothing', 'inside'],
    ['/in', 'inside'],
    ['/nothing', 'outside'],
    ['/inside', 'outside'],
    ['/%zz', 'outside'],
  ] as const) {
    const answer = await app.inject({ url });
    assert.equal(answer.json().face, words, url);
    assert.match(answer.json().requestId, /^[0-9a-f-]{36}$/);
    assert.match(String(answer.headers['content-type']), /^application\/json/);
  }
});

test('a request id sent from outside is not taken', async () => {
  const { app } = await createApp();
  const answer = await app.inject({
    url: '/in/x',
    headers: { 'x-request-id': 'mine', 'request-id': 'mine' },
  });
  assert.ok(!answer.body.includes('mine'));
});

test('a known path with another method is 405 and names what is allowed, OPTIONS says the same', async () => {
  const { app } = await createApp();
  for (const url of ['/in/thing/7', '//in/thing//7/']) {
    const answer = await app.inject({ method: 'PATCH', url });
    assert.equal(answer.statusCode, 405);
    assert.equal(answer.headers.allow, 'DELETE, GET, HEAD, OPTIONS');
  }
  const options = await app.inject({ method: 'OPTIONS', url: '/in/thing/7' });
  assert.deepEqual(
    [options.statusCode, options.body, options.headers.allow],
    [204, '', 'DELETE, GET, HEAD, OPTIONS'],
  );
  const head = await app.inject({ method: 'HEAD', url: '/in/thing/7' });
  assert.deepEqual([head.statusCode, head.body], [200, '']);
});

test('a defect is 500 without inner detail, and logged with its stack and the same request id', async () => {
  const { app, logged } = await createApp();
  const answer = await app.inject({ method: 'POST', url: '/in/defect?token=hidden' });
  assert.equal(answer.statusCode, 500);
  assert.ok(!answer.body.includes('secret inside'));
  const [entry] = logged;
  assert.equal(entry?.level, 'error');
  assert.equal(entry?.detail.requestId, answer.json().requestId);
  assert.match(JSON.stringify(entry?.detail.error), /the secret inside.*http-server\.test/);
  assert.ok(!JSON.stringify(logged).includes('hidden'), 'no query string in the log');
});

test('what the store throws is recognised, and only the operator is told why; a refusal is no news for them', async () => {
  const { app, logged } = await createApp();
  const away = await app.inject({ method: 'POST', url: '/in/away' });
  assert.equal(away.statusCode, 503);
  assert.ok(!away.body.includes('the disk is full'));
  assert.deepEqual(
    logged.map(({ level, detail }) => [level, detail.reason, detail.cause]),
    [['warn', 'away', 'the disk is full']],
  );
  assert.equal((await app.inject({ method: 'POST', url: '/in/refused' })).statusCode, 400);
  assert.equal(logged.length, 1);
});

test('a body of 64 KiB is taken, one byte more is 413, announced or not', async () => {
  const { app } = await createApp();
  const send = (bytes: number) =>
    app.inject({
      method: 'POST',
      url: '/in/refused',
      payload: Buffer.alloc(bytes, 'a'),
      headers: { 'content-type': 'x/y' },
    });
  assert.equal((await send(65_536)).json().kind, 'malformed');
  assert.equal((await send(65_537)).json().kind, 'too_large');
  const port = await listen(app);
  const chunked = await exchange(
    port,
    `POST /in/refused HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: x/y\r\n\r\n10001\r\n${'a'.repeat(65_537)}\r\n0\r\n\r\n`,
  );
  assert.match(chunked, /^HTTP\/1\.1 413 /);
});

test('X-Forwarded-For is believed from a listed proxy alone', async () => {
  const headers = { 'x-forwarded-for': '203.0.113.9' };
  const plain = await (await createApp()).app.inject({ url: '/in/thing/7', headers });
  assert.equal(plain.json().address, '127.0.0.1');
  const { app } = await createApp({ trustedProxies: ['127.0.0.1'] });
  assert.equal((await app.inject({ url: '/in/thing/7', headers })).json().address, '203.0.113.9');
  const { app: other } = await createApp({ trustedProxies: ['10.0.0.0/8'] });
  assert.equal((await other.inject({ url: '/in/thing/7', headers })).json().address, '127.0.0.1');
});

test('every answer forbids caching, sniffing and framing', async () => {
  const { app } = await createApp();
  for (const url of ['/in/thing/7', '/nothing', '/healthz', '/metrics', '/openapi.json', '/']) {
    const { headers } = await app.inject({ url });
    assert.equal(headers['cache-control'], 'no-store', url);
    assert.equal(headers['x-content-type-options'], 'nosniff', url);
    assert.match(String(headers['content-security-policy']), /default-src 'none'/);
  }
});

test('/readyz is 503 with the reason while the server should get no requests', async () => {
  const { app } = await createApp({ unreadiness: () => Promise.resolve('database unavailable') });
  const answer = await app.inject({ url: '/readyz' });
  assert.equal(answer.statusCode, 503);
  assert.equal(answer.json().reason, 'database unavailable');
  assert.ok(answer.headers['retry-after']);
  assert.equal((await app.inject({ url: '/healthz' })).statusCode, 200);
});

test('/metrics counts by template, so that ids make no new series', async () => {
  const { app } = await createApp();
  for (const id of ['1', '2', '3']) await app.inject({ url: `/in/thing/${id}` });
  await app.inject({ url: '/nothing' });
  const { body } = await app.inject({ url: '/metrics' });
  assert.ok(
    body.includes(
      'tessera_http_requests_total{dialect="inside",method="GET",route="/in/thing/:id",status="200"} 3',
    ),
  );
  assert.ok(body.includes('tessera_http_requests_total{dialect="none",method="",route="",status="404"} 1'));
});

test('each request is one line at debug, by its template and without its query', async () => {
  const { app, logged } = await createApp({ logRequests: 'each' });
  await app.inject({ url: '/in/thing/7?token=hidden' });
  const [entry] = logged;
  assert.equal(entry?.level, 'debug');
  assert.deepEqual([entry?.detail.route, entry?.detail.status], ['/in/thing/:id', 200]);
  assert.ok(!JSON.stringify(logged).includes('hidden'));
});

test('what is no HTTP, has no Host, or headers without end, gets an answer in JSON and a closed connection', async () => {
  const { app } = await createApp();
  const port = await listen(app);
  const garbage = await exchange(port, 'HELLO\r\n\r\n');
  assert.match(garbage, /^HTTP\/1\.1 400 [\s\S]*Connection: close[\s\S]*"kind":"malformed"/);
  const homeless = await exchange(port, 'GET / HTTP/1.1\r\n\r\n');
  assert.match(homeless, /^HTTP\/1\.1 400 [\s\S]*connection: close[\s\S]*"kind":"malformed"/);
  const long = await exchange(port, `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`);
  assert.match(long, /^HTTP\/1\.1 413 [\s\S]*"kind":"too_large"/);
});

test('who sends too slowly gets an answer and a closed connection, in the head and in the body', async () => {
  const { app } = await createApp();
  const port = await listen(app);
  const { headersTimeout, requestTimeout } = app.server;
  assert.ok(headersTimeout > 0 && headersTimeout <= 15_000 && requestTimeout > 0 && requestTimeout <= 30_000);
  app.server.headersTimeout = 50;
  app.server.requestTimeout = 100;
  const head = 'POST /in/refused HTTP/1.1\r\nHost: x\r\n';
  const slow = [head, `${head}Content-Type: x/y\r\nContent-Length: 9\r\n\r\nabc`];
  for (const answer of await Promise.all(slow.map((bytes) => exchange(port, bytes))))
    assert.match(answer, /^HTTP\/1\.1 400 [\s\S]*Connection: close[\s\S]*"kind":"malformed"/);
});

test('while it drains, a running request is answered, its connection closed, and no new one accepted', async () => {
  const gate = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const { app } = await createApp({
    dialects: [
      {
        name: 'slow',
        prefix: '/slow',
        face: face('slow'),
        plugin: async (scope) => {
          scope.get('/one', async (_request, reply) => {
            started.resolve();
            await gate.promise;
            return sendJson(reply, 200, '{"done":true}');
          });
        },
      },
    ],
  });
  const port = await listen(app);
  const running = exchange(port, 'GET /slow/one HTTP/1.1\r\nHost: x\r\n\r\n');
  await started.promise;
  const closed = app.close();
  await refusedToConnect(port);
  gate.resolve();
  assert.match(await running, /^HTTP\/1\.1 200 [\s\S]*{"done":true}/);
  await closed;
});

async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

/** Sends bytes and reads until the connection ends or, where it stays open, one whole answer is there. */
async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return await readAnswer(socket);
}

async function readAnswer(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) {
    text += chunk;
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    if (body.length >= length) break;
  }
  socket.destroy();
  return text;
}

async function refusedToConnect(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const outcome = await Promise.race([once(socket, 'connect'), once(socket, 'error')]).catch((error) => [
      error,
    ]);
    socket.destroy();
    if (outcome[0] instanceof Error) return;
  }
}
