/** The token of an adapter that only plays: from its mock file, through the same reader. @module */
import { Secret } from '@tessera/token';
import { TokenClientError } from '../plan/errors.ts';
import type { Token } from '../plan/token.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import { readTokenResponse } from './read-token-response.ts';

/** What the original gives where a mock file has no token. */
const stand = 'garbagetoken';

/** @see spec, K1 */
export function readStubToken(plan: TokenPlan, nowMs: number): Token {
  const token = read(plan, nowMs);
  return { ...token, tokenp2: token.tokenp2 ?? new Secret(stand) };
}

function read(plan: TokenPlan, nowMs: number): Token {
  const body = new TextEncoder().encode(plan.stub?.tokenAnswer ?? '');
  try {
    return readTokenResponse(lenient(plan), { status: 200, headers: [], body }, nowMs, nowMs);
  } catch (error) {
    if (!(error instanceof TokenClientError)) throw error;
    const expiresAtMs = plan.lifetime.kind === 'fixed' ? nowMs + plan.lifetime.lifetimeMs : null;
    return { token: new Secret(stand), tokenp2: null, refreshToken: null, expiresAtMs, asReceived: null };
  }
}

/** The second piece may be missing: something stands in for it. */
function lenient(plan: TokenPlan): TokenPlan {
  const { step } = plan;
  if (step.kind !== 'request') return plan;
  return { ...plan, step: { ...step, answer: { ...step.answer, tokenp2Use: 'unused' } } };
}
