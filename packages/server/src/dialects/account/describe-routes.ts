/** What `/openapi.json` says of every route beyond its fields: who may call it and what it answers. @module */
import type { FastifyInstance } from 'fastify';

const refusal = {
  description: 'Refused.',
  type: 'object',
  properties: {
    status: { type: 'integer' },
    error: { type: 'string' },
    message: { type: 'string' },
    field: { type: 'string', description: 'The field at fault, where one is.' },
    requestId: { type: 'string' },
  },
};

/** The answer of a route that only does something. */
export const noContent: object = { 204: { description: 'Done.', type: 'null' } };

/** Describes every route added to this scope from now on; one that says what it answers keeps that. */
export function describeGuard(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const response = {
      ...(route.schema?.response as object | undefined),
      '4xx': refusal,
      '5xx': refusal,
    };
    route.schema = { ...route.schema, security: [{ bearer: [] }], response };
  });
}
