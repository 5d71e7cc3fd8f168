/** What `/openapi.json` says of every route of guards beyond its fields. @module */
import type { FastifyInstance } from 'fastify';

const refusal = {
  description: 'Refused.',
  type: 'object',
  properties: {
    status: { type: 'integer' },
    error: { type: 'string' },
    message: { type: 'string' },
    requestId: { type: 'string' },
  },
};

/** Describes every route added to this scope from now on; one that says what it answers keeps that. */
export function describeRoutes(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const response = { ...(route.schema?.response as object | undefined), '4xx': refusal, '5xx': refusal };
    route.schema = { ...route.schema, tags: ['guards'], security: [{ bearer: [] }], response };
  });
}
