/** A client of somebody's API: it has a token whenever a call needs one. @module */
import type { Problem } from '../plan/errors.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import type { TokenSourceParts } from '../token-source/token-source.ts';
import type { Call, CallResult } from './call.ts';
import type { ClientOptions } from './client-options.ts';
import { type ClientTokenSource, clientTokenSource } from './client-token-source.ts';
import { type DryRun, dryRun } from './dry-run.ts';
import { openEngine } from './engine.ts';
import { type FetchInit, fetchCall } from './fetch-call.ts';
import { checkHealth, type Health } from './healthcheck.ts';
import { callBase } from './prepare-request.ts';
import { requestCall } from './request-call.ts';

export interface TokenClient {
  readonly id: string;
  /** What is odd in the configuration, but can be worked with. */
  readonly warnings: readonly Problem[];
  readonly tokenSource: ClientTokenSource;
  /** @throws {TokenClientError} also for every status but 2xx @throws AbortError */
  request(call: Call): Promise<CallResult>;
  /** @returns the response, whatever its status @throws {TokenClientError} no token, no answer @throws AbortError */
  fetch(input: string | URL | Request, init?: FetchInit): Promise<Response>;
  /** The exact requests, secrets masked. Nothing is sent. */
  dryRun(call?: Call): Promise<DryRun>;
  healthcheck(): Promise<Health>;
  /** Lets running requests end, and closes all connections. */
  close(): Promise<void>;
}

/** @param how where tokens come from otherwise than by the plan's token request */
export function openClient(
  plan: TokenPlan,
  options: ClientOptions,
  how: Pick<TokenSourceParts, 'obtain' | 'abandonment'> = {},
): TokenClient {
  const engine = openEngine(plan, options, how);
  const base = callBase(plan, engine.source.hmacKey);
  for (const problem of plan.warnings) engine.emit({ kind: 'warning', id: plan.id, problem });
  return {
    id: plan.id,
    warnings: plan.warnings,
    tokenSource: clientTokenSource(engine.source, base),
    request: (call) => requestCall(engine, base, call),
    fetch: (input, init) => fetchCall(engine, base, input, init),
    dryRun: (call) => dryRun(engine, base, call ?? null),
    healthcheck: () => checkHealth(engine, base),
    close: () => engine.transport.close(),
  };
}
