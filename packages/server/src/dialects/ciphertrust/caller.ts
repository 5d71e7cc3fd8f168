/** Who calls a guarded route: proved before anything of the request is read. @module */
import { readBearerToken } from '@tessera/guard';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuse } from '../../domain/problem.ts';
import { authorizationsOf } from '../../http/authorization-header.ts';
import { originOf } from '../../http/origin.ts';
import { authenticate } from '../../operations/authenticate.ts';
import type { Caller, Core } from '../../operations/core.ts';
import { accessTokenFormat } from './access-token-format.ts';
import { readJwtCookie, refuseForeignOrigin } from './cookies.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** On guarded routes; null elsewhere. */
    provedCaller: Caller | null;
  }
}

/** Proves the caller of every route added to this scope from now on. */
export function guardRoutes(app: FastifyInstance, core: Core): void {
  app.addHook('onRequest', async (request) => {
    const token = bearerToken(request) ?? cookieToken(request, core);
    if (token === null) throw refuse('unauthenticated', 'no_access_token', withoutToken(request));
    const origin = originOf(request);
    const principal = await authenticate(core, [accessTokenFormat], token, origin.address);
    request.provedCaller = { principal, origin };
  });
}

/** The caller that {@link guardRoutes} proved. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.provedCaller === null) throw new Error('route is not guarded');
  return request.provedCaller;
}

function bearerToken(request: FastifyRequest): string | null {
  const credential = readBearerToken(authorizationsOf(request));
  if (credential.kind === 'token') return credential.token;
  // A credential that cannot be read must not fall through to a cookie.
  if (credential.kind === 'malformed' || request.headers.authorization !== undefined)
    throw refuse('unauthenticated', 'malformed_authorization');
  return null;
}

function cookieToken(request: FastifyRequest, core: Core): string | null {
  const token = readJwtCookie(request.headers);
  if (token !== null) refuseForeignOrigin(request, core.issuer);
  return token;
}

/** GET is what the documentation of the original shows for trading credentials, so people try it. */
function withoutToken(request: FastifyRequest): string | undefined {
  const isTokenList = request.method === 'GET' && request.routeOptions.url?.endsWith('/auth/tokens');
  return isTokenList ? 'Use POST to create a token; listing tokens needs an API token.' : undefined;
}
