/** `/openapi.json`, made at the first request from the schemas that validate. @module */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { sendJson } from './answer.ts';

/** Add before the routes it shall describe. */
export async function addOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tessera',
        version: '1',
        description: 'Issues, checks, renews, scopes and revokes tokens.',
      },
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
    },
  });
  let text: string | null = null;
  app.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    text ??= JSON.stringify(app.swagger());
    return sendJson(reply, 200, text);
  });
}
