/** The `Authorization` header as it was sent: a second one is seen. @module */
import type { FastifyRequest } from 'fastify';

/** Node keeps only the first of several Authorization headers in `headers`; undefined: there is none. */
export function authorizationsOf(request: FastifyRequest): string | string[] | undefined {
  const { rawHeaders, headers } = request.raw;
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 13 && name.toLowerCase() === 'authorization') count++;
  }
  return count > 1 ? request.raw.headersDistinct.authorization : headers.authorization;
}
