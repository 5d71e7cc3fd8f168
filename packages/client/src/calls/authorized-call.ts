/** The life of a call: token, attempt, and what follows from a refusal. @module */
import { setTimeout as wait } from 'node:timers/promises';
import type { HttpHead } from '../http/http-exchange.ts';
import { abortErrorOf } from '../http/http-failure.ts';
import type { TokenClientEvent } from '../plan/events.ts';
import { isRefused } from '../plan/refusal.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import type { HeldToken } from '../token-source/held-token.ts';
import type { TokenSource } from '../token-source/token-source.ts';
import { type Attempted, callError, transportError } from './call-error.ts';
import { placeInCall } from './place-in-call.ts';
import type { PreparedCall } from './prepared-call.ts';
import { type Reception, sendCall } from './send-call.ts';

export interface Outcome<Answer> extends Pick<Attempted, 'attempts' | 'held'> {
  readonly answer: Answer;
  /** `refused`: with the last token that was to be had. */
  readonly kind: 'answered' | 'refused';
}

/** @throws {TokenClientError} @throws AbortError */
export async function authorizedCall<Answer extends HttpHead>(
  source: TokenSource,
  call: PreparedCall,
  reception: Reception<Answer>,
  emit: (event: TokenClientEvent) => void,
): Promise<Outcome<Answer>> {
  const { target, signal } = call;
  const { plan } = target;
  let held = source.peek(target) ?? (await source.get(target, signal));
  let body = call.firstBody;
  let refusals = 0;
  let overloads = 0;
  for (let attempts = 1; ; attempts++) {
    const attempting = { held, attempts };
    const request = placeInCall(call, body, held);
    let answer: Answer;
    try {
      answer = await sendCall(call, request, reception, attempting);
    } catch (error) {
      throw transportError(call, error, attempting);
    }
    const { status } = answer;
    if (isRefused(plan, status)) {
      emit({ kind: 'token_refused', id: plan.id, status, fingerprint: held.fingerprint });
      answer = await reception.finish(answer);
      const fresh = await afterRefusal(source, call, held, { refusals, status, attempts });
      if (fresh === null) return { answer, attempts, held, kind: 'refused' };
      held = fresh;
      refusals++;
    } else if (isOverloaded(plan, status) && overloads < plan.overload.repeats) {
      answer = await reception.finish(answer);
      if (call.body.repeatable === 'no') return { answer, attempts, held, kind: 'answered' };
      await pause(waitMs(plan, answer), signal);
      overloads++;
    } else return { answer, attempts, held, kind: 'answered' };
    body = await call.body.next();
  }
}

interface RefusedAttempt {
  /** Before this one. */
  readonly refusals: number;
  readonly status: number;
  readonly attempts: number;
}

/** @returns null: the call ends with the refusal it has */
async function afterRefusal(
  source: TokenSource,
  call: PreparedCall,
  held: HeldToken,
  { refusals, status, attempts }: RefusedAttempt,
): Promise<HeldToken | null> {
  const { target, body, signal } = call;
  const isLast = refusals >= target.plan.refusal.repeats;
  if (isLast || body.repeatable === 'no') source.refuse(target, held);
  if (isLast) return null;
  if (body.repeatable === 'no') throw callError(call, 'not_repeatable', { status, attempts, held });
  return source.replace(target, held, signal);
}

function isOverloaded({ overload }: TokenPlan, status: number): boolean {
  return overload.statuses.some(([first, last]) => status >= first && status <= last);
}

const longestWaitMs = 60_000;

/** RFC 9110 §10.2.3: seconds, or a date. */
function waitMs({ overload }: TokenPlan, { headers }: HttpHead): number {
  const text = headers['retry-after'];
  if (typeof text !== 'string') return overload.waitMs;
  const asked = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(asked) ? overload.waitMs : Math.min(Math.max(asked, 0), longestWaitMs);
}

async function pause(ms: number, signal: AbortSignal | null): Promise<void> {
  if (signal === null) return wait(ms);
  await wait(ms, undefined, { signal }).catch(() => {
    throw abortErrorOf(signal);
  });
}
