/** Who calls a guarded route, and in which domain and tenant: settled before anything of the request is read. @module */
import { type ContextHeaders, decideContext, readContextHeaders } from '@tessera/guard';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuse } from '../../domain/problem.ts';
import { originOf } from '../../http/origin.ts';
import { actInScope, actInTenant } from '../../operations/act-in-scope.ts';
import { authenticate } from '../../operations/authenticate.ts';
import type { Caller, Core, Principal } from '../../operations/core.ts';
import { allFormats, v3Format } from './claims.ts';
import { readHeaders } from './headers.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** On guarded routes; null elsewhere. */
    provedCaller: Caller | null;
  }
}

/** Proves the caller of every route added to this scope from now on. */
export function guardRoutes(app: FastifyInstance, core: Core): void {
  app.addHook('onRequest', async (request) => {
    const headers = readHeaders(readContextHeaders(request.raw.rawHeaders));
    if (headers.token === null) throw refuse('unauthenticated', 'no_access_token');
    const origin = originOf(request);
    const principal = await authenticate(core, allFormats, headers.token, origin.address);
    request.provedCaller = { principal: await inContext(core, principal, headers), origin };
  });
}

/** The caller that {@link guardRoutes} proved; their roles are those that count in the request's context. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.provedCaller === null) throw new Error('route is not guarded');
  return request.provedCaller;
}

type Wanted = Pick<Extract<ContextHeaders, { kind: 'read' }>, 'domain' | 'tenantId'>;

async function inContext(core: Core, principal: Principal, wanted: Wanted): Promise<Principal> {
  const { domainName, tenantId, roles, face } = principal;
  if (wanted.domain === null && wanted.tenantId === null) return principal;
  const version = face === v3Format.face ? 3 : 2;
  const decision = decideContext({ version, domain: domainName, tenantId, roles }, wanted);
  switch (decision.kind) {
    case 'context':
      return principal;
    case 'refused':
      throw refuse('forbidden', 'context_not_of_token');
    case 'look-up-tenant':
      return await actInTenant(core, principal, decision);
    case 'enter-scope':
      return await actInScope(core, principal, decision);
  }
}
