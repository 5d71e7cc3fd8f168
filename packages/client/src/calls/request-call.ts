/** `client.request`: a call whose answer is read and understood. @module */
import type { HttpAnswer } from '../http/http-exchange.ts';
import { redirectOf } from '../http/redirect.ts';
import type { Header } from '../plan/wire.ts';
import { authorizedCall } from './authorized-call.ts';
import type { Call, CallResult } from './call.ts';
import { callError } from './call-error.ts';
import { callResult } from './call-result.ts';
import type { Engine } from './engine.ts';
import { type CallBase, prepareRequest, targetFor } from './prepare-request.ts';
import type { PreparedCall } from './prepared-call.ts';
import type { Reception } from './send-call.ts';

const usual: readonly Header[] = [['Accept', 'application/json']];

/** @throws {TokenClientError} also for every status but 2xx @throws AbortError */
export async function requestCall(engine: Engine, base: CallBase, call: Call): Promise<CallResult> {
  const prepared = await prepareRequest(base, writtenCall(base, call));
  return resultOf(engine, prepared);
}

export function writtenCall(base: CallBase, call: Call): Parameters<typeof prepareRequest>[1] {
  const target = targetFor(base, call.authData, call.overrides);
  return {
    target,
    method: call.method ?? 'GET',
    path: call.path,
    query: call.query,
    headers: call.headers === undefined ? [] : Object.entries(call.headers),
    usual,
    body: call.body,
    timeoutMs: target.plan.transport.timeoutMs,
    signal: call.signal ?? null,
  };
}

/** @throws {TokenClientError} also for every status but 2xx @throws AbortError */
export async function resultOf(engine: Engine, call: PreparedCall): Promise<CallResult> {
  const outcome = await authorizedCall(engine.source, call, wholeReception(engine, call), engine.emit);
  const { answer, attempts, held, kind } = outcome;
  const { status, body } = answer;
  if (kind === 'refused') throw callError(call, 'call_refused', { status, body, attempts, held });
  if (leadsElsewhere(call, answer)) throw callError(call, 'redirect_refused', { status, attempts, held });
  if (status < 200 || status > 299) throw callError(call, 'call_status', { status, body, attempts, held });
  return callResult(answer, attempts);
}

/** Where no redirect is followed, this one is told for what it is all the same. */
function leadsElsewhere({ method, url }: PreparedCall, answer: HttpAnswer): boolean {
  if (answer.status < 300 || answer.status > 399 || method === 'GET' || method === 'HEAD') return false;
  return redirectOf(answer, url)?.origin === 'other';
}

function wholeReception({ transport, stub }: Engine, call: PreparedCall): Reception<HttpAnswer> {
  return {
    exchange: async (request, limits) => (stub === null ? transport.send(request, limits) : stub(call)),
    finish: async (answer) => answer,
  };
}
