/** What `/openapi.json` says of every route beyond its fields: who may call it and what it answers. @module */
import type { FastifyInstance, RouteOptions } from 'fastify';

const refusal = {
  description: 'Refused.',
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        title: { type: 'string' },
        description: { type: 'string' },
        code: { type: 'string', description: '`otp_required` where a one-time password is due.' },
        request_id: { type: 'string' },
      },
    },
  },
};

const accessToken = { security: [{ accessToken: [] }] };

/** Describes every route added to this scope from now on. */
export function describeAnswers(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const success = isEmpty(route)
      ? { 204: { description: 'Done.', type: 'null' } }
      : { 200: { description: 'Done.', type: 'object' } };
    const about = isAboutItsToken(route) ? accessToken : {};
    route.schema = { ...route.schema, ...about, response: { ...success, '4xx': refusal, '5xx': refusal } };
  });
}

/** Says that every route added to this scope from now on needs an access token. */
export function describeGuard(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    route.schema = { ...route.schema, ...accessToken };
  });
}

function isEmpty({ method, url }: RouteOptions): boolean {
  return method === 'DELETE' || url.endsWith('/mfa/disable') || url.endsWith('/password');
}

/** Only a sign-in has no token yet. */
function isAboutItsToken({ method, url }: RouteOptions): boolean {
  return url.endsWith('/token') && method !== 'POST';
}
