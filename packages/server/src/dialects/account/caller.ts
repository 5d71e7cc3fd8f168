/** Who calls a route: proved by an access token of any interface, before anything of the request is read. @module */
import { readBearerToken } from '@tessera/guard';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuse } from '../../domain/problem.ts';
import { authorizationsOf } from '../../http/authorization-header.ts';
import { originOf } from '../../http/origin.ts';
import { authenticateAtAny, type FormatSet } from '../../operations/authenticate-at-any.ts';
import type { Caller, Core } from '../../operations/core.ts';
import { requireStandardToken } from '../../operations/manage-rights.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** On guarded routes; null elsewhere. */
    provedCaller: Caller | null;
  }
}

/** Proves the caller of every route added to this scope from now on; a sign-in that lacks its second factor is none. */
export function guardRoutes(app: FastifyInstance, core: Core, formats: readonly FormatSet[]): void {
  app.addHook('onRequest', async (request) => {
    request.provedCaller = await proveBearer(core, formats, request);
  });
}

/** @throws {ProblemError} `unauthenticated`, `session_ended`; `forbidden` for a minimal token */
export async function proveBearer(
  core: Core,
  formats: readonly FormatSet[],
  request: FastifyRequest,
): Promise<Caller> {
  const credential = readBearerToken(authorizationsOf(request));
  if (credential.kind === 'malformed') throw refuse('unauthenticated', 'malformed_authorization');
  if (credential.kind === 'missing') throw refuse('unauthenticated', 'no_access_token');
  const origin = originOf(request);
  const caller = {
    principal: await authenticateAtAny(core, formats, credential.token, origin.address),
    origin,
  };
  requireStandardToken(caller);
  return caller;
}

/** The caller that {@link guardRoutes} proved. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.provedCaller === null) throw new Error('route is not guarded');
  return request.provedCaller;
}
