/** Which application's guard asks: proved before anything of the request is read. @module */
import { readBearerToken } from '@tessera/guard';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Application } from '../../domain/application.ts';
import { refuse } from '../../domain/problem.ts';
import { authorizationsOf } from '../../http/authorization-header.ts';
import type { GuardProof } from '../../operations/prove-guard.ts';

/** Proves the asking guard at every route added to this scope from now on. */
export function proveGuards(app: FastifyInstance, prove: GuardProof): void {
  app.addHook('onRequest', async (request) => {
    const credential = readBearerToken(authorizationsOf(request));
    if (credential.kind === 'missing') throw refuse('unauthenticated', 'no_access_token');
    if (credential.kind === 'malformed') throw refuse('unauthenticated', 'malformed_authorization');
    request.guardedApplication = await prove(credential.token);
  });
}

/** The application whose guard {@link proveGuards} proved. */
export function applicationOf(request: FastifyRequest): Application {
  if (request.guardedApplication === null) throw new Error('route is not for guards');
  return request.guardedApplication;
}
