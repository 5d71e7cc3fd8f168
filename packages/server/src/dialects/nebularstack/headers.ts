/** The headers of requests for tokens; everywhere else the rule for context headers holds (see `caller.ts`). @module */
import { type ContextHeaders, readContextHeaders, readSingleHeader } from '@tessera/guard';
import type { FastifyRequest } from 'fastify';
import { refuse } from '../../domain/problem.ts';
import { wrong } from '../../http/strict-reader.ts';

export type ReadHeaders = Omit<Extract<ContextHeaders, { kind: 'read' }>, 'kind'>;

/** @throws {ProblemError} `invalid_value` for a header that is empty, or there more than once */
export function readHeaders(headers: ContextHeaders): ReadHeaders {
  if (headers.kind === 'malformed') throw wrong(headers.header, 'must be given once, with a value');
  return headers;
}

/**
 * The access token of a request about this very token.
 *
 * @throws {ProblemError} `invalid_value`; `unauthenticated` when there is none
 */
export function requireToken(request: FastifyRequest): string {
  const header = readSingleHeader(request.raw.rawHeaders, 'X-Auth-Token');
  if (header.kind === 'malformed') throw wrong('X-Auth-Token', 'must be given once, with a value');
  if (header.kind === 'absent') throw refuse('unauthenticated', 'no_access_token');
  return header.value;
}

/** The context that a sign-in is for, where headers may say so. */
export function readContext(request: FastifyRequest): Pick<ReadHeaders, 'domain' | 'tenantId'> {
  return readHeaders(readContextHeaders(request.raw.rawHeaders));
}
