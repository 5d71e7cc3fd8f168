/** What the answers of all three versions have in common. @module */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Holder } from '../../domain/holder.ts';
import { sendAsciiJson, sendJson } from '../../http/answer.ts';
import type { Grant } from '../../operations/grant.ts';
import { rolesOf } from './claims.ts';
import { wireDatetime } from './datetimes.ts';

/** Who the token is of, and where it is good; `domain` and `tenant_id` only where set, `context` always with both. */
export interface TokenFacts {
  readonly user_id: string;
  readonly username: string;
  readonly domain?: string;
  readonly tenant_id?: string;
  readonly roles: readonly string[];
  readonly context: { readonly domain: string | null; readonly tenant_id: string | null };
  readonly creation_time: string;
}

export function factsOf(grant: Grant, request: FastifyRequest): TokenFacts {
  const { holder, atMs } = grant;
  return {
    user_id: holder.userId,
    username: holder.username,
    ...scopeMembers(holder.domainName, holder.tenantId),
    roles: rolesOf(grant),
    creation_time: wireDatetime(atMs, zoneOf(request)),
  };
}

/** Sends an answer by the shortest way there is for its text: most are ASCII, and these are the ones given most. */
export function sendAnswer(reply: FastifyReply, answer: object): FastifyReply {
  const text = JSON.stringify(answer);
  return Buffer.byteLength(text) === text.length
    ? sendAsciiJson(reply, 200, text)
    : sendJson(reply, 200, text);
}

export function scopeMembers(
  domain: string | null,
  tenantId: string | null,
): Pick<TokenFacts, 'domain' | 'tenant_id' | 'context'> {
  return {
    ...(domain === null ? {} : { domain }),
    ...(tenantId === null ? {} : { tenant_id: tenantId }),
    context: { domain, tenant_id: tenantId },
  };
}

/** What people call the user; their username where nothing was said. */
export function nameOf({ name, username }: Holder): string {
  return name ?? username;
}

/** The zone that the client wants datetimes in. */
export function zoneOf(request: FastifyRequest): string | null {
  const zone = request.headers['x-timezone'];
  return typeof zone === 'string' ? zone : null;
}
