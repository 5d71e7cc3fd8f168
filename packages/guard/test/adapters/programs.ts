/** The same program in each framework: its routes stand behind a guard, and answer what they see of the principal. @module */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { serve } from '@hono/node-server';
import type { Guard } from '@tessera/guard';
import * as forExpress from '@tessera/guard/express';
import * as forFastify from '@tessera/guard/fastify';
import * as forFetch from '@tessera/guard/fetch';
import * as forHono from '@tessera/guard/hono';
import * as forNode from '@tessera/guard/node';
import express from 'express';
import Fastify from 'fastify';
import { Hono } from 'hono';

/** What a test's program has besides the routes that every one has. */
export interface ProgramOptions {
  /** `GET /guarded/policy` asks for these; none: no such route. */
  readonly policies?: readonly string[];
}

/** Listens until the test ends. */
export interface Program {
  readonly name: 'fastify' | 'express' | 'hono' | 'node' | 'fetch';
  start(t: Pick<TestContext, 'after'>, guard: Guard, options?: ProgramOptions): Promise<string>;
}

/*
 * GET  /api/user/me      the user's name, as JSON
 * GET  /api/principal    the principal, as JSON
 * GET  /guarded/role     for Administrator and Operator
 * GET  /guarded/policy   for who passes the policies
 * GET  /marked           public by the route's own mark, where the framework has routes
 * GET  /docs/*, GET /api/health   public where the guard says so
 * POST /api/echo         the body, read by the program's own parser
 */

const fastify: Program = {
  name: 'fastify',
  async start(t, guard, { policies = [] } = {}) {
    const app = Fastify();
    await app.register(forFastify.protect(guard));
    const principal = async (request: { principal: unknown }) => request.principal;
    app.get('/api/user/me', async (request, reply) =>
      reply.type('application/json').send(JSON.stringify(request.principal.userName)),
    );
    app.get('/api/principal', principal);
    app.get('/guarded/role', { onRequest: forFastify.requireRole('Administrator', 'Operator') }, principal);
    if (policies.length > 0) {
      app.get('/guarded/policy', { preHandler: forFastify.requirePolicy(...policies) }, principal);
    }
    app.get('/marked', { config: { public: true } }, principal);
    app.get('/marked/*', { config: { public: true } }, principal);
    app.get('/docs/*', principal);
    app.get('/api/health', principal);
    app.post('/api/echo', async (request) => request.body);
    t.after(() => app.close());
    return app.listen({ port: 0, host: '127.0.0.1' });
  },
};

const expressProgram: Program = {
  name: 'express',
  async start(t, guard, { policies = [] } = {}) {
    const app = express();
    app.use(forExpress.protect(guard));
    app.use(express.json());
    const principal: express.RequestHandler = (request, response) => {
      response.json(request.principal);
    };
    app.get('/api/user/me', (request, response) => {
      response.json(request.principal.userName);
    });
    app.get('/api/principal', principal);
    app.get('/guarded/role', forExpress.requireRole('Administrator', 'Operator'), principal);
    if (policies.length > 0) app.get('/guarded/policy', forExpress.requirePolicy(...policies), principal);
    app.get('/marked', forExpress.publicEndpoint(), principal);
    app.get('/marked/{*rest}', forExpress.publicEndpoint(), principal);
    app.get('/docs/{*rest}', principal);
    app.get('/api/health', principal);
    app.post('/api/echo', (request, response) => {
      response.json(request.body);
    });
    const server = app.listen(0, '127.0.0.1');
    t.after(() => server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    return urlOf(server.address());
  },
};

const hono: Program = {
  name: 'hono',
  async start(t, guard, { policies = [] } = {}) {
    const app = new Hono<{ Variables: forHono.GuardVariables }>();
    app.use('*', forHono.protect(guard));
    app.get('/api/user/me', (c) => c.json(c.get('principal').userName));
    app.get('/api/principal', (c) => c.json(c.get('principal')));
    app.get('/guarded/role', forHono.requireRole('Administrator', 'Operator'), (c) =>
      c.json(c.get('principal')),
    );
    if (policies.length > 0) {
      app.get('/guarded/policy', forHono.requirePolicy(...policies), (c) => c.json(c.get('principal')));
    }
    app.get('/marked', forHono.publicEndpoint(), (c) => c.json(c.get('principal')));
    app.get('/marked/*', forHono.publicEndpoint(), (c) => c.json(c.get('principal')));
    app.get('/docs/*', (c) => c.json(c.get('principal')));
    app.get('/api/health', (c) => c.json(c.get('principal')));
    app.post('/api/echo', async (c) => c.json(await c.req.json()));
    return serveFetch(t, app.fetch);
  },
};

const node: Program = {
  name: 'node',
  async start(t, guard, { policies = [] } = {}) {
    const principal: forNode.NodeHandler = (request, response) =>
      response
        .setHeader('Content-Type', 'application/json')
        .end(JSON.stringify(forNode.principalOf(request)));
    const routes = new Map<string, forNode.NodeHandler>([
      [
        'GET /api/user/me',
        (request, response) =>
          response
            .setHeader('Content-Type', 'application/json')
            .end(JSON.stringify(forNode.principalOf(request).userName)),
      ],
      ['GET /api/principal', principal],
      ['GET /api/health', principal],
      ['GET /docs/', principal],
      ['GET /guarded/role', forNode.requireRole('Administrator', 'Operator')(principal)],
      ['POST /api/echo', (request, response) => request.pipe(response)],
    ]);
    if (policies.length > 0) {
      routes.set('GET /guarded/policy', forNode.requirePolicy(...policies)(principal));
    }
    const handler = forNode.protect(guard, (request, response) => {
      const path = new URL(request.url ?? '', 'http://localhost').pathname;
      const route = routes.get(`${request.method === 'HEAD' ? 'GET' : request.method} ${routeOf(path)}`);
      if (route === undefined) response.writeHead(404).end();
      else route(request, response);
    });
    const server = createServer(handler).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    return urlOf(server.address());
  },
};

const fetchProgram: Program = {
  name: 'fetch',
  async start(t, guard, { policies = [] } = {}) {
    const principal: forFetch.FetchHandler = (_request, context) => Response.json(context.principal);
    const routes = new Map<string, forFetch.FetchHandler>([
      ['GET /api/user/me', (_request, context) => Response.json(context.principal.userName)],
      ['GET /api/principal', principal],
      ['GET /api/health', principal],
      ['GET /docs/', principal],
      ['GET /guarded/role', forFetch.requireRole('Administrator', 'Operator')(principal)],
      ['POST /api/echo', async (request) => Response.json(await request.json())],
    ]);
    if (policies.length > 0) {
      routes.set('GET /guarded/policy', forFetch.requirePolicy(...policies)(principal));
    }
    const handler = forFetch.protect(guard, (request, context) => {
      const method = request.method === 'HEAD' ? 'GET' : request.method;
      const route = routes.get(`${method} ${routeOf(new URL(request.url).pathname)}`);
      return route === undefined ? new Response(null, { status: 404 }) : route(request, context);
    });
    return serveFetch(t, handler);
  },
};

export const programs: readonly Program[] = [fastify, expressProgram, hono, node, fetchProgram];

function routeOf(path: string): string {
  return path.startsWith('/docs/') ? '/docs/' : path;
}

async function serveFetch(
  t: Pick<TestContext, 'after'>,
  fetch: (request: Request) => Response | Promise<Response>,
): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<AddressInfo>();
  const server = serve({ fetch, port: 0, hostname: '127.0.0.1' }, resolve);
  t.after(() => server.close());
  return urlOf(await promise);
}

function urlOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new Error('the program does not listen');
  return `http://127.0.0.1:${address.port}`;
}
