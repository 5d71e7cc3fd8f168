/** What `/openapi.json` says of every route beyond its fields: who may call it and what it answers. @module */
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify';

const refusal = {
  description: 'Refused.',
  type: 'object',
  properties: {
    code: { type: 'integer' },
    codeDesc: { type: 'string' },
    message: { type: 'string' },
    requestID: { type: 'string', format: 'uuid' },
  },
};

/** Where POST creates something: 201. */
const creating = /\/(?:usermgmt\/(?:users|groups|pwdpolicies)|domains)$/;

/** Describes the answers of every route added to this scope from now on. */
export function describeAnswers(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const status = successOf(route);
    const success =
      status === 204 ? { description: 'Done.', type: 'null' } : { description: 'Done.', type: 'object' };
    route.schema = { ...route.schema, response: { [status]: success, '4xx': refusal, '5xx': refusal } };
  });
}

/** Says that every route added to this scope from now on needs an API token. */
export function describeGuard(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const guarded: FastifySchema = { ...route.schema, security: [{ bearer: [] }] };
    route.schema = guarded;
  });
}

function successOf({ method, url }: RouteOptions): number {
  if (method === 'DELETE' || url.endsWith('/auth/revoke')) return 204;
  return method === 'POST' && creating.test(url) ? 201 : 200;
}
