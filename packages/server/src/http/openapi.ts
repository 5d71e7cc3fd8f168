/** `/openapi.json`, made at the first request from the schemas that validate. @module */
import Fastify, { type FastifyInstance } from 'fastify';
import { sendJson } from './answer.ts';

const about = {
  openapi: '3.1.0',
  info: {
    title: 'Tessera',
    version: '1',
    description: 'Issues, checks, renews, scopes and revokes tokens.',
  },
  components: {
    securitySchemes: {
      bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      accessToken: {
        type: 'apiKey',
        in: 'header',
        name: 'X-Auth-Token',
        description:
          'Once. Beside it, `X-Domain` and `X-Tenant-ID` say where a sign-in at `/v2` and `/v3` leads, and in which domain and tenant any request acts that is not about its token.',
      },
    },
  },
} as const;

/** @param addRoutes adds all that is to be described */
export function addOpenApi(app: FastifyInstance, addRoutes: (app: FastifyInstance) => Promise<void>): void {
  let text: Promise<string> | null = null;
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    text ??= describe(addRoutes);
    return sendJson(reply, 200, await text);
  });
}

/**
 * Adds the routes once more, to an app that is never listened on and only describes them.
 *
 * So the library that describes is loaded by the first who asks, and not at every start.
 */
async function describe(addRoutes: (app: FastifyInstance) => Promise<void>): Promise<string> {
  const { default: swagger } = await import('@fastify/swagger');
  const app = Fastify();
  await app.register(swagger, { openapi: about });
  await app.register(addRoutes);
  await app.ready();
  const text = JSON.stringify(app.swagger());
  await app.close();
  return text;
}
