/** One attempt of a call, redirects included. @module */
import type { HttpHead, HttpLimits, HttpRequest } from '../http/http-exchange.ts';
import { redirected, redirectOf, withoutCredentials } from '../http/redirect.ts';
import type { HeldToken } from '../token-source/held-token.ts';
import { callError } from './call-error.ts';
import { placedNames } from './place-in-call.ts';
import type { PreparedCall } from './prepared-call.ts';

/** How the answer is taken: whole, or as a stream. */
export interface Reception<Answer extends HttpHead> {
  exchange(request: HttpRequest, limits: HttpLimits): Promise<Answer>;
  /** Reads what is left, so that the connection is free; the answer can still be used. */
  finish(answer: Answer): Promise<Answer>;
}

export interface Attempting {
  readonly held: HeldToken;
  /** This one included. */
  readonly attempts: number;
}

/** @throws {TokenClientError} stage `call` @throws {HttpFailure} @throws AbortError */
export async function sendCall<Answer extends HttpHead>(
  call: PreparedCall,
  request: HttpRequest,
  reception: Reception<Answer>,
  attempting: Attempting,
): Promise<Answer> {
  const { transport } = call.target.plan;
  const { timeoutMs, signal } = call;
  const limits = { timeoutMs, maxResponseBytes: transport.maxCallResponseBytes, signal };
  const answer = await reception.exchange(request, limits);
  if (transport.redirects === 0 || answer.status < 300 || answer.status > 399) return answer;
  return followed(call, request, answer, { reception, limits, attempting });
}

interface Following<Answer extends HttpHead> {
  readonly reception: Reception<Answer>;
  readonly limits: HttpLimits;
  readonly attempting: Attempting;
}

async function followed<Answer extends HttpHead>(
  call: PreparedCall,
  first: HttpRequest,
  firstAnswer: Answer,
  { reception, limits, attempting }: Following<Answer>,
): Promise<Answer> {
  const { plan } = call.target;
  let [request, answer] = [first, firstAnswer];
  for (let left = plan.transport.redirects; left > 0; left--) {
    const redirect = redirectOf(answer, request.url);
    if (redirect === null) return answer;
    const { status } = answer;
    await reception.finish(answer);
    request = redirected(request, status, redirect.url);
    if (request.body !== null && call.firstBody.kind === 'stream')
      throw callError(call, 'not_repeatable', { ...attempting, status });
    if (redirect.origin === 'other') {
      if (request.method !== 'GET' && request.method !== 'HEAD')
        throw callError(call, 'redirect_refused', { ...attempting, status });
      request = { ...request, headers: withoutCredentials(request.headers, placedNames(plan)), body: null };
    }
    answer = await reception.exchange(request, limits);
  }
  return answer;
}
