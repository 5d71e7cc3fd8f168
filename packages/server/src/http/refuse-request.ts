/** The one place where what is thrown becomes an answer. @module */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Problem, ProblemError } from '../domain/problem.ts';
import { sendJson } from './answer.ts';
import type { Log } from './log.ts';
import type { ErrorFace, Refusal } from './refusal.ts';

/** Recognises what inner rooms throw beside problems, such as a database that is away; null for what it does not know. */
export type ProblemFinder = (error: unknown) => Problem | null;

/** Retry delay told where nobody knows better. */
const retryAfterSeconds = 2;

/** Puts a thrown thing into words, and what the operator should know into the log. */
export function refuseRequest(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  face: ErrorFace,
  findProblem: ProblemFinder,
  log: Log,
): FastifyReply {
  const refusal = refusalOf(error, findProblem);
  if (refusal.kind === 'fault')
    log('error', 'request failed', { ...describe(request), error: describeError(error) });
  if (refusal.kind === 'unavailable')
    log('warn', 'request refused', { ...describe(request), reason: refusal.reason, ...causeOf(error) });
  return sendRefusal(refusal, request, reply, face);
}

/** What the store said of its trouble: which disk is full, which address does not answer. */
function causeOf(error: unknown): { readonly cause?: string } {
  return error instanceof Error && !(error instanceof ProblemError) ? { cause: error.message } : {};
}

/** Sends a refusal in a dialect's words. */
export function sendRefusal(
  refusal: Refusal,
  request: FastifyRequest,
  reply: FastifyReply,
  face: ErrorFace,
): FastifyReply {
  const worded = face(refusal, request.id);
  return sendJson(reply.headers(worded.headers), worded.status, worded.body);
}

function refusalOf(error: unknown, findProblem: ProblemFinder): Refusal {
  if (error instanceof ProblemError) return withRetry(error.problem);
  const problem = findProblem(error);
  if (problem !== null) return withRetry(problem);
  return isFastifyError(error) ? refusalOfFastify(error) : { kind: 'fault' };
}

function withRetry(problem: Problem): Problem {
  if (problem.kind !== 'unavailable' || problem.retryAfterSeconds !== undefined) return problem;
  return { ...problem, retryAfterSeconds };
}

interface FastifyError extends Error {
  readonly code: string;
  readonly statusCode?: number;
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('FST_ERR_');
}

function refusalOfFastify(error: FastifyError): Refusal {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { kind: 'too_large' };
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return { kind: 'unknown_route' };
    case 'FST_ERR_BAD_URL':
      return malformed('bad_url', 'The path is not well encoded.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return malformed('bad_content_type', 'The Content-Type header cannot be read.');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return malformed('bad_content_length', 'The body is not as long as Content-Length says.');
    default:
      return (error.statusCode ?? 500) < 500
        ? malformed('bad_request', 'The request cannot be read.')
        : { kind: 'fault' };
  }
}

function malformed(reason: string, message: string): Problem {
  return { kind: 'malformed', reason, message };
}

/** What of a request may be logged: the route's template, never the URL with its query. */
export function describe(request: FastifyRequest): Record<string, unknown> {
  return {
    requestId: request.id,
    method: request.method,
    route: request.routeOptions.url ?? null,
    address: request.ip,
  };
}

/** Name, message and stack only: what else hangs on an error may hold what was sent. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  return { name: error.name, message: error.message, stack: error.stack };
}
