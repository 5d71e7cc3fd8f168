/**
 * One route in one framework: unguarded, behind `@tessera/guard`, or behind what people use there today.
 *
 * Environment: `FRAMEWORK` is `fastify`, `express` or `hono`; `GUARD` is `none`, `tessera` or `peer`; `KEY` is the shared key.
 * @module
 */
import type { AddressInfo } from 'node:net';
import fastifyJwt from '@fastify/jwt';
import { serve } from '@hono/node-server';
import { createGuard, type Guard, jwt } from '@tessera/guard';
import { protect as protectExpress } from '@tessera/guard/express';
import { protect as protectFastify } from '@tessera/guard/fastify';
import { type GuardVariables, protect as protectHono } from '@tessera/guard/hono';
import express from 'express';
import { expressjwt } from 'express-jwt';
import Fastify from 'fastify';
import { Hono } from 'hono';
import { jwt as honoJwt } from 'hono/jwt';

const { FRAMEWORK: framework = '', GUARD: guarded = '', KEY: key = '' } = process.env;
const [issuer, audience] = ['https://id.example', 'api'];

function newGuard(): Guard {
  return createGuard({ methods: [jwt({ signingKey: key, issuer, audience })] });
}

async function startFastify(): Promise<number> {
  const app = Fastify();
  if (guarded === 'tessera') await app.register(protectFastify(newGuard()));
  if (guarded === 'peer') {
    await app.register(fastifyJwt, {
      secret: key,
      verify: { algorithms: ['HS256'], allowedIss: issuer, allowedAud: audience, cache: true },
    });
    app.addHook('onRequest', async (request) => {
      await request.jwtVerify();
    });
  }
  app.get('/', async () => ({ hello: 'world' }));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
}

async function startExpress(): Promise<number> {
  const app = express();
  if (guarded === 'tessera') app.use(protectExpress(newGuard()));
  if (guarded === 'peer') app.use(expressjwt({ secret: key, algorithms: ['HS256'], issuer, audience }));
  app.get('/', (_request, response) => {
    response.json({ hello: 'world' });
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

async function startHono(): Promise<number> {
  const app = new Hono<{ Variables: GuardVariables }>();
  if (guarded === 'tessera') app.use('*', protectHono(newGuard()));
  if (guarded === 'peer')
    app.use('*', honoJwt({ secret: key, alg: 'HS256', verification: { iss: issuer, aud: audience } }));
  app.get('/', (c) => c.json({ hello: 'world' }));
  const { promise, resolve } = Promise.withResolvers<number>();
  serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve(port));
  return promise;
}

const starts: Readonly<Record<string, () => Promise<number>>> = {
  fastify: startFastify,
  express: startExpress,
  hono: startHono,
};
const port = await starts[framework]?.();
console.log(JSON.stringify({ msg: 'listening', url: `http://127.0.0.1:${port}` }));
process.on('SIGTERM', () => process.exit());
