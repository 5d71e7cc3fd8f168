/** What is particular to a framework: order of declaration, mounted parts, parsers that ran before the guard. @module */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { serve } from '@hono/node-server';
import { createGuard, failure, type Guard, jwt, login, success } from '@tessera/guard';
import * as forExpress from '@tessera/guard/express';
import * as forFastify from '@tessera/guard/fastify';
import * as forHono from '@tessera/guard/hono';
import { principalOf, protect as protectNode } from '@tessera/guard/node';
import express from 'express';
import Fastify from 'fastify';
import { Hono } from 'hono';
import { call, exchange } from './call.ts';
import { bearer, grant, signingKey } from './tokens.ts';

const newGuard = () => createGuard({ methods: [login(() => success()), jwt({ signingKey })] });
const form = ['Content-Type', 'application/x-www-form-urlencoded'] as const;
const json = ['Content-Type', 'application/json'] as const;
const status = async (url: string, target: string, headers: readonly (readonly [string, string])[] = []) =>
  (await call(url, { target, headers })).status;

async function serveExpress(t: TestContext, app: express.Express): Promise<string> {
  const server = app.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serveHono(t: TestContext, app: Hono<{ Variables: forHono.GuardVariables }>): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve(port));
  t.after(() => server.close());
  return `http://127.0.0.1:${await promise}`;
}

describe('Fastify', () => {
  test('routes before the plugin, in plugins, and behind a prefix are guarded; marks count in all of them', async (t) => {
    const app = Fastify();
    t.after(() => app.close());
    app.get('/before', () => 'x');
    app.get('/before/open', { config: { public: true } }, () => 'x');
    app.register(forFastify.protect(newGuard()));
    app.register(
      async (child) => {
        child.get('/inner', () => 'x');
        child.get('/open', { config: { public: true } }, () => 'x');
        child.setNotFoundHandler((_request, reply) => reply.code(404).send('inner'));
      },
      { prefix: '/child' },
    );
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    for (const target of ['/before', '/child/inner', '/child/nowhere', '/nowhere']) {
      assert.equal(await status(url, target), 401, target);
    }
    for (const target of ['/before/open', '/child/open'])
      assert.equal(await status(url, target), 200, target);
    assert.equal(await status(url, '/child/nowhere', [bearer(grant())]), 404);
  });

  test('a marked route is open also where it is the only one, and inject works like a socket', async (t) => {
    const app = Fastify();
    t.after(() => app.close());
    await app.register(forFastify.protect(newGuard()));
    app.get('/open', { config: { public: true } }, (request) => request.principal);
    app.get('/closed', (request) => request.principal.userName);
    assert.equal((await app.inject('/open')).statusCode, 200);
    assert.equal((await app.inject('/closed')).headers['www-authenticate'], 'Bearer');
    const answer = await app.inject({
      method: 'POST',
      url: '/login',
      payload: { UserName: 'Adam', Password: 'x' },
    });
    const headers = { authorization: `Bearer ${answer.json().token}` };
    assert.equal((await app.inject({ url: '/closed', headers })).body, 'Adam');
  });

  test('what a hook of the program sets on answers is on the guard’s, too', async (t) => {
    const app = Fastify();
    t.after(() => app.close());
    await app.register(forFastify.protect(newGuard()));
    app.addHook('onSend', async (_request, reply) => void reply.header('X-Frame-Options', 'DENY'));
    const { statusCode, headers, body } = await app.inject('/');
    assert.deepEqual(
      [statusCode, headers['x-frame-options'], headers['content-type'], body],
      [401, 'DENY', undefined, ''],
    );
  });

  test('in a plugin, the guard is that plugin’s alone, its login included', async (t) => {
    for (const [prefix, logins, noLogins] of [
      ['/api', ['/api/login'], ['/login']],
      ['/api/', ['/api/login'], ['/login']],
      ['', ['/login', '/api/login'], []],
    ] as const) {
      const app = Fastify();
      t.after(() => app.close());
      app.get('/free', () => 'x');
      app.register(
        async (child) => {
          await child.register(forFastify.protect(newGuard()));
          child.get('/me', (request) => request.principal.userName);
        },
        { prefix },
      );
      // A second part of the app, behind the same paths.
      app.register(async (child) => void (await child.register(forFastify.protect(newGuard()))), { prefix });
      const url = await app.listen({ port: 0, host: '127.0.0.1' });
      assert.equal(await status(url, '/free'), 200);
      const me = `${prefix}/me`.replace('//', '/');
      assert.equal(await status(url, me), 401);
      assert.equal(await status(url, me, [bearer(grant())]), 200);
      const body = 'UserName=Adam&Password=Test';
      for (const target of [...logins, ...noLogins]) {
        const { status: answered } = await call(url, { method: 'POST', target, headers: [form], body });
        assert.equal(answered, (logins as readonly string[]).includes(target) ? 200 : 404, prefix + target);
      }
    }
  });

  test('in a plugin, an unknown path is 401 where the plugin says itself what is not found', async (t) => {
    for (const [own, expected] of [
      [true, 401],
      [false, 404],
    ] as const) {
      const app = Fastify();
      t.after(() => app.close());
      app.register(
        async (child) => {
          await child.register(forFastify.protect(newGuard()));
          if (own) child.setNotFoundHandler((_request, reply) => reply.code(404).send());
        },
        { prefix: '/api' },
      );
      assert.equal((await app.inject('/api/nowhere')).statusCode, expected);
      assert.equal((await app.inject('/nowhere')).statusCode, 404);
    }
  });

  test('what stands behind two guards has to pass both, and is given the inner one’s principal', async (t) => {
    const inner = createGuard({ methods: [jwt({ signingKey, issuer: ['poshud.com', 'IMS'] })] });
    const app = Fastify();
    t.after(() => app.close());
    app.register(forFastify.protect(newGuard()));
    app.get('/outer', (request) => request.principal.issuer);
    app.register(async (child) => {
      await child.register(forFastify.protect(inner));
      child.get(
        '/inner',
        { onRequest: forFastify.requireRole('Operator') },
        (request) => request.principal.issuer,
      );
    });
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const ofIms = bearer(grant({ issuer: 'IMS', roles: 'Operator' }));
    assert.equal(await status(url, '/inner', [bearer(grant({ roles: 'Operator' }))]), 200);
    assert.equal(await status(url, '/inner', [bearer(grant())]), 403);
    assert.equal(await status(url, '/inner', [ofIms]), 401);
    assert.equal(await status(url, '/outer', [bearer(grant())]), 200);
  });
});

test('an upgrade of node:http is decided on like any request', async (t) => {
  const guard = newGuard();
  const server = createServer().on('upgrade', async (request, socket) => {
    const { method = '', url = '', rawHeaders } = request;
    const remoteAddress = request.socket.remoteAddress ?? null;
    const head = { method, target: url, headers: rawHeaders, remoteAddress, isPrivate: false };
    const decision = await guard.decide(head);
    socket.end(`HTTP/1.1 ${decision.kind === 'pass' ? 418 : 401} x\r\nContent-Length: 0\r\n\r\n`);
  });
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = async (...headers: readonly (readonly [string, string])[]) => {
    const lines = ['GET /socket HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket'];
    const sent = [...lines, ...headers.map((header) => header.join(': ')), '', ''].join('\r\n');
    return (await exchange(url, Buffer.from(sent))).toString().slice(9, 12);
  };
  assert.deepEqual([await ask(), await ask(bearer(grant()))], ['401', '418']);
});

describe('behind a proxy', () => {
  type AddressOf = (headers: Pick<Headers, 'get'>) => string | null;
  const byHeader: AddressOf = (headers) => {
    const address = headers.get('x-forwarded-for');
    if (address === 'broken') throw new Error('no address');
    return address;
  };
  const starts = {
    node: async (t: TestContext, guard: Guard) => {
      const addressOf = (request: IncomingMessage) =>
        byHeader(new Headers(request.headers as Record<string, string>));
      const server = createServer(protectNode(guard, () => {}, { addressOf }));
      t.after(() => server.close());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    hono: (t: TestContext, guard: Guard) => {
      const app = new Hono<{ Variables: forHono.GuardVariables }>();
      app.use('*', forHono.protect(guard, { addressOf: (c) => byHeader(c.req.raw.headers) }));
      return serveHono(t, app);
    },
  };
  for (const [name, start] of Object.entries(starts)) {
    test(`${name}: the program says whose request it is, so one guesser slows down nobody else`, async (t) => {
      const url = await start(t, createGuard({ methods: [login(() => failure()), jwt({ signingKey })] }));
      const guess = async (number: number, address: string) => {
        const headers = [form, ['X-Forwarded-For', address]] as const;
        const body = `UserName=user${number}&Password=guessed`;
        return (await call(url, { method: 'POST', target: '/login', headers, body })).status;
      };
      for (let number = 0; number < 10; number++) assert.equal(await guess(number, '192.0.2.1'), 401);
      assert.equal(await guess(10, '192.0.2.1'), 429);
      assert.equal(await guess(11, '192.0.2.2'), 401);
      assert.equal(await guess(12, 'broken'), 401);
    });
  }
});

describe('Express', () => {
  test('a body that an earlier parser read is used, whatever the parser left', async (t) => {
    for (const parser of [
      express.urlencoded({ extended: true }),
      express.json(),
      express.raw({ type: '*/*' }),
      express.text({ type: '*/*' }),
    ]) {
      const app = express();
      app.use(parser, forExpress.protect(newGuard()));
      const url = await serveExpress(t, app);
      for (const [type, body] of [
        [form, 'UserName=Adam&Password=Test'],
        [json, '{"UserName":"Adam","Password":"Test"}'],
      ] as const) {
        assert.equal(
          (await call(url, { method: 'POST', target: '/login', headers: [type], body })).status,
          200,
        );
      }
      const doubled = {
        method: 'POST',
        target: '/login',
        headers: [form],
        body: 'UserName=A&Password=a&Password=b',
      };
      assert.equal((await call(url, doubled)).status, 400);
    }
  });

  test('an empty body that a parser left of what it did not read hides nothing', async (t) => {
    const app = express();
    app.use((request, _response, next) => {
      request.body = {};
      next();
    }, forExpress.protect(newGuard()));
    const body = 'UserName=Adam&Password=Test';
    const url = await serveExpress(t, app);
    assert.equal((await call(url, { method: 'POST', target: '/login', headers: [form], body })).status, 200);
  });

  test('mounted below a path, the guard still sees the whole of it', async (t) => {
    const app = express();
    const api = express.Router();
    const guard = createGuard({
      methods: [login(() => success()), jwt({ signingKey })],
      publicEndpoints: ['GET /api/health'],
    });
    app.use('/api', forExpress.protect(guard), api);
    api.get('/me', (request, response) => void response.json(request.principal.userName));
    api.get('/health', (request, response) => void response.json(principalOf(request)));
    app.get('/open', (_request, response) => void response.send('x'));
    const url = await serveExpress(t, app);
    assert.equal(await status(url, '/api/me'), 401);
    assert.equal(await status(url, '/api/me', [bearer(grant())]), 200);
    assert.equal(await status(url, '/api/health'), 200);
    assert.equal(await status(url, '/open'), 200);
    const body = 'UserName=Adam&Password=Test';
    assert.equal(
      (await call(url, { method: 'POST', target: '/api/login', headers: [form], body })).status,
      200,
    );
  });

  test('a mark opens the first route after the guard that takes the request, and no other', async (t) => {
    const app = express();
    const answer: express.RequestHandler = (_request, response) => void response.send('x');
    const pass: express.RequestHandler = (_request, _response, next) => next();
    const api = express.Router();
    api.get('/open', forExpress.publicEndpoint(), answer);
    api.get('/closed', answer);
    api.get('/:id/open', forExpress.publicEndpoint(), answer);
    app.get('/passed-on', forExpress.publicEndpoint(), pass);
    app.get('/first', forExpress.publicEndpoint(), answer);
    app.use(forExpress.protect(newGuard()));
    app.use(pass);
    app.get('/passed-on', answer);
    app.get('/docs/secret', answer);
    app.get('/docs/{*rest}', forExpress.publicEndpoint(), answer);
    app.post('/docs/{*rest}', answer);
    app.all('/mixed', answer);
    app.get('/mixed', forExpress.publicEndpoint(), answer);
    app.use('/api', api);
    const url = await serveExpress(t, app);
    for (const target of ['/first', '/docs/a', '/api/open', '/api/7/open'])
      assert.equal(await status(url, target), 200, target);
    for (const target of ['/passed-on', '/docs/secret', '/mixed', '/api/closed', '/api/nowhere']) {
      assert.equal(await status(url, target), 401, target);
    }
    assert.equal((await call(url, { method: 'HEAD', target: '/docs/a' })).status, 200);
    assert.equal((await call(url, { method: 'POST', target: '/docs/a' })).status, 401);
  });

  test('a requirement without a guard before it lets nobody pass', async (t) => {
    const app = express();
    app.get('/', forExpress.requireRole('Operator'), (_request, response) => void response.send('x'));
    assert.equal(await status(await serveExpress(t, app), '/', [bearer(grant({ roles: 'Operator' }))]), 401);
  });
});

describe('Hono', () => {
  test('a body that the program read before the guard is used', async (t) => {
    const readers: readonly ((
      c: { req: { json(): unknown; parseBody(): unknown; text(): unknown } },
      isForm: boolean,
    ) => unknown)[] = [(c, isForm) => (isForm ? c.req.parseBody() : c.req.json()), (c) => c.req.text()];
    for (const read of readers) {
      const app = new Hono<{ Variables: forHono.GuardVariables }>();
      app.use('*', async (c, next) => {
        await read(c, c.req.header('content-type') === form[1]);
        await next();
      });
      app.use('*', forHono.protect(newGuard()));
      const url = await serveHono(t, app);
      for (const [type, body, expected] of [
        [form, 'UserName=Adam&Password=Test', 200],
        [form, 'UserName=Adam&Password=a&Password=b', 400],
        [json, '{"UserName":"Adam","Password":"Test"}', 200],
      ] as const) {
        const received = await call(url, { method: 'POST', target: '/login', headers: [type], body });
        assert.equal(received.status, expected, `${body}`);
      }
    }
  });

  test('a mark opens the first route after the guard that takes the request, and no other', async (t) => {
    const app = new Hono<{ Variables: forHono.GuardVariables }>();
    const api = new Hono<{ Variables: forHono.GuardVariables }>();
    api.get('/open', forHono.publicEndpoint(), (c) => c.text('x'));
    api.get('/closed', (c) => c.text('x'));
    app.get('/passed-on', forHono.publicEndpoint(), async (_c, next) => next());
    app.get('/first', forHono.publicEndpoint(), (c) => c.text('x'));
    app.use('*', forHono.protect(newGuard()));
    app.use('*', async (_c, next) => next());
    app.get('/passed-on', (c) => c.text('x'));
    app.get('/docs/secret', (c) => c.text('x'));
    app.get('/docs/role', forHono.requireRole('Operator'), (c) => c.text('x'));
    app.get('/docs/*', forHono.publicEndpoint(), (c) => c.text('x'));
    app.use('/static/*', forHono.publicEndpoint());
    app.get('/static/*', (c) => c.text('x'));
    app.route('/api', api);
    const url = await serveHono(t, app);
    for (const target of ['/first', '/docs/a', '/api/open', '/static/a'])
      assert.equal(await status(url, target), 200, target);
    for (const target of ['/passed-on', '/docs/secret', '/docs/role', '/api/closed', '/nowhere']) {
      assert.equal(await status(url, target), 401, target);
    }
  });

  test('where there is no Node below, the fetch-style request is looked at', async () => {
    const app = new Hono<{ Variables: forHono.GuardVariables }>();
    app.use('*', forHono.protect(newGuard()));
    app.get('/me', (c) => c.json(c.get('principal').userName));
    const headers = new Headers({ Authorization: `Bearer ${grant()}` });
    assert.equal(await (await app.request('/me', { headers })).text(), '"Adam"');
    headers.append('Authorization', `Bearer ${grant()}`);
    const twice = await app.request('/me', { headers });
    assert.deepEqual(
      [twice.status, twice.headers.get('www-authenticate')],
      [401, 'Bearer error="invalid_token"'],
    );
  });
});
