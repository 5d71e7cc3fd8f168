/** `@tessera/guard/fetch`: guards a handler from `Request` to `Response`. @module */
import type { Principal } from '@tessera/token';
import type { Guard } from '../guard/guard.ts';
import type { Requirement } from '../guard/policies.ts';
import type { LoginBody } from '../login/attempt.ts';
import { answerOf } from './answer-of.ts';
import { responseOf } from './fetch-answer.ts';
import { fetchLoginAttempt } from './fetch-body.ts';
import { FetchHead } from './fetch-head.ts';
import { guardedOf, setGuarded } from './guarded.ts';
import { askRequirement, policyRequirement, roleRequirement } from './requirement.ts';

/** What a guarded handler is given besides the request. */
export interface GuardContext {
  readonly principal: Principal;
}

export type FetchHandler = (request: Request, context: GuardContext) => Response | Promise<Response>;

export interface FetchOptions {
  /** The client's address, by which guessing is slowed down. Default: unknown, then only by name. */
  readonly addressOf?: (request: Request, ...rest: readonly unknown[]) => string | null;
}

/** Calls the handler only for requests that may pass. What a runtime gives besides the request goes to `addressOf` alone. */
export function protect(
  guard: Guard,
  handler: FetchHandler,
  { addressOf = () => null }: FetchOptions = {},
): (request: Request, ...rest: readonly unknown[]) => Promise<Response> {
  return async (request, ...rest) => {
    const head = new FetchHead(request, addressOf(request, ...rest));
    const decision = await guard.decide(head);
    if (decision.kind !== 'pass') {
      return responseOf(await answerOf(guard, decision, () => fetchLoginAttempt(request, head, unreadable)));
    }
    const { principal } = decision;
    setGuarded(request, guard, principal);
    return handler(request, { principal });
  };
}

const unreadable = async (): Promise<LoginBody> => ({ kind: 'unreadable' });

/** The handler for principals that hold one of the roles; others are answered 403. */
export function requireRole(...roles: readonly string[]): (handler: FetchHandler) => FetchHandler {
  return requiring(roleRequirement(roles));
}

/** The handler for principals that pass all of the policies; others are answered 403. */
export function requirePolicy(...policies: readonly string[]): (handler: FetchHandler) => FetchHandler {
  return requiring(policyRequirement(policies));
}

function requiring(requirement: Requirement): (handler: FetchHandler) => FetchHandler {
  return (handler) => async (request, context) => {
    const refusal = await askRequirement(guardedOf(request), requirement);
    return refusal === null ? handler(request, context) : responseOf(refusal);
  };
}
