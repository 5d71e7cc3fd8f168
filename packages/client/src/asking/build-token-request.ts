/** Asks for a token, without sending anything. @module */
import type { Secret } from '@tessera/token';
import { type Overrides, overridePlan } from '../plan/override-plan.ts';
import type { RequestRecipe } from '../plan/request-recipe.ts';
import type { Secrets } from '../plan/secrets.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import type { WireRequest } from '../plan/wire.ts';
import { buildRequest } from './build-request.ts';
import { plainRendering, randomBoundary } from './rendering.ts';
import type { TokenCall } from './request-fields.ts';

export interface TokenRequestCall extends TokenCall {
  readonly overrides?: Overrides | null;
}

/**
 * The request for a token.
 *
 * @param secrets the plan's own where they are not given
 * @throws {TokenClientError} `request_invalid`: the fields break the request schema or cannot be sent in this data type;
 *   `unsafe_header`
 * @see spec, sections 4 and 5
 */
export function buildTokenRequest(
  plan: TokenPlan,
  secrets: Secrets | null = null,
  call: TokenRequestCall = {},
): WireRequest {
  const effective = call.overrides ? overridePlan(plan, call.overrides) : plan;
  return buildRequest(
    effective,
    recipeOf(effective, 'request'),
    secrets,
    '',
    call,
    plainRendering(randomBoundary()),
  );
}

/**
 * The request for a token with a refresh token; its answer is read by `readTokenResponse` too.
 *
 * @throws {TokenClientError} as `buildTokenRequest`
 * @see spec, section 11
 */
export function buildRefreshRequest(
  plan: TokenPlan,
  secrets: Secrets | null,
  refreshToken: Secret | string,
  call: TokenRequestCall = {},
): WireRequest {
  const effective = call.overrides ? overridePlan(plan, call.overrides) : plan;
  const token = typeof refreshToken === 'string' ? refreshToken : refreshToken.reveal();
  return buildRequest(
    effective,
    recipeOf(effective, 'refresh'),
    secrets,
    token,
    call,
    plainRendering(randomBoundary()),
  );
}

export function recipeOf(plan: TokenPlan, by: 'request' | 'refresh'): RequestRecipe {
  const { step } = plan;
  if (step.kind === 'request') {
    if (by === 'request') return step.request;
    if (step.renewal !== null) return step.renewal.request;
  }
  throw new TypeError(by === 'request' ? 'this plan asks for no token' : 'this plan has no refresh request');
}
