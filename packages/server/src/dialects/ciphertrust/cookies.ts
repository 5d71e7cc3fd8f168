/** Tokens in cookies, for pages: written, read, taken back. @module */
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from '../../domain/problem.ts';
import type { Grant } from '../../operations/grant.ts';
import { jwtSeconds } from './access-token-format.ts';

/** `__Host-` binds it to this very host (RFC 6265bis §4.1.3.2). */
const jwtCookie = '__Host-tessera_jwt';
/** Only sent where it is needed, which `__Host-` would not allow. */
const refreshCookie = '__Secure-tessera_rt';
const guarded = 'HttpOnly; Secure; SameSite=Strict';

export function readJwtCookie(headers: IncomingHttpHeaders): string | null {
  return readCookie(headers.cookie, jwtCookie);
}

/**
 * The refresh token that came as a cookie, for a request that named none.
 *
 * @throws {ProblemError} `forbidden` when another site's page sent it
 */
export function readRefreshCookie(request: FastifyRequest, ownOrigin: string): string | null {
  const token = readCookie(request.headers.cookie, refreshCookie);
  if (token !== null) refuseForeignOrigin(request, ownOrigin);
  return token;
}

/** Puts the JWT and, where there is one to put, the refresh token into cookies. */
export function setTokenCookies(reply: FastifyReply, grant: Grant, refreshToken: string | null): void {
  reply.header(
    'set-cookie',
    `${jwtCookie}=${grant.accessToken.text}; Path=/; Max-Age=${jwtSeconds}; ${guarded}`,
  );
  if (refreshToken === null) return;
  const seconds = grant.refreshExpiresInSeconds;
  const maxAge = seconds === null ? '' : `; Max-Age=${seconds}`;
  reply.header('set-cookie', `${refreshCookie}=${refreshToken}; Path=/api/v1/auth${maxAge}; ${guarded}`);
}

export function clearTokenCookies(reply: FastifyReply): void {
  reply.header('set-cookie', `${jwtCookie}=; Path=/; Max-Age=0; ${guarded}`);
  reply.header('set-cookie', `${refreshCookie}=; Path=/api/v1/auth; Max-Age=0; ${guarded}`);
}

/**
 * Refuses a changing request by cookie that a page of another origin made; programs that send no Origin are no pages.
 *
 * @param ownOrigin of the server's configured URL, for a proxy that changes the Host header
 * @throws {ProblemError} `forbidden`
 */
export function refuseForeignOrigin(request: FastifyRequest, ownOrigin: string): void {
  const { origin, host } = request.headers;
  if (request.method === 'GET' || request.method === 'HEAD' || origin === undefined) return;
  if (origin === ownOrigin || (host !== undefined && URL.parse(origin)?.host === host.toLowerCase())) return;
  throw refuse('forbidden', 'foreign_origin', 'A page of another origin may not use these cookies.');
}

/** RFC 6265 §4.2.1; the first of several wins, as the most specific path comes first. */
function readCookie(header: string | undefined, name: string): string | null {
  if (header === undefined) return null;
  for (const pair of header.split(';')) {
    const text = pair.trim();
    if (text.startsWith(`${name}=`)) return text.slice(name.length + 1) || null;
  }
  return null;
}
