/** Whether the called system is well: an ordinary call, by its status. @module */
import { TokenClientError } from '../plan/errors.ts';
import { renderPath } from '../plan/render-path.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import type { Call } from './call.ts';
import type { Engine } from './engine.ts';
import { type CallBase, prepareRequest } from './prepare-request.ts';
import { resultOf } from './request-call.ts';

export interface Health {
  readonly ok: boolean;
  /** Null: no answer. */
  readonly status: number | null;
  /** Token request included. */
  readonly durationMs: number;
  /** Null: it is well. */
  readonly error: TokenClientError | null;
}

/** @throws {TypeError} the adapter has no action `healthcheck` */
export async function checkHealth(engine: Engine, base: CallBase): Promise<Health> {
  const { plan, now } = engine;
  if (plan.healthcheck === null) throw new TypeError(`${plan.id} has no action "healthcheck"`);
  const startedMs = now();
  try {
    const { status } = await sendCheck(engine, base, plan.healthcheck);
    return { ok: true, status, durationMs: now() - startedMs, error: null };
  } catch (error) {
    if (!(error instanceof TokenClientError)) throw error;
    return { ok: false, status: error.status, durationMs: now() - startedMs, error };
  }
}

async function sendCheck(
  engine: Engine,
  base: CallBase,
  check: NonNullable<TokenPlan['healthcheck']>,
): Promise<{ readonly status: number }> {
  const { plan } = base.target;
  const target =
    plan.bodyOnGet === check.bodyOnGet
      ? base.target
      : { ...base.target, plan: { ...plan, bodyOnGet: check.bodyOnGet } };
  const path = renderPath(check.path, { target: plan.target, username: '', password: '', pathVariables: [] });
  const call = await prepareRequest(base, {
    target,
    method: check.method,
    path,
    query: check.query as Call['query'],
    headers: Object.entries(check.headers),
    usual: [['Accept', 'application/json']],
    body: check.body,
    timeoutMs: check.timeoutMs,
    signal: null,
  });
  return resultOf(engine, call);
}
