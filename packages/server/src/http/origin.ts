/** Where a request came from, for the audit log. @module */
import type { FastifyRequest } from 'fastify';

export interface RequestOrigin {
  readonly requestId: string;
  readonly address: string;
  /** `User-Agent`, without what no line of text may hold; null: it was not sent. */
  readonly client: string | null;
}

const mapped = '::ffff:';
const longestClient = 120;

/** An IPv4 address that came over an IPv6 socket is written as what it is. */
export function originOf(request: FastifyRequest): RequestOrigin {
  const address = request.ip ?? '';
  return {
    requestId: request.id,
    address: address.startsWith(mapped) ? address.slice(mapped.length) : address,
    client: request.headers['user-agent']?.slice(0, longestClient).replace(/[^ -~]/g, '?') ?? null,
  };
}
