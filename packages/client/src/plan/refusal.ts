/** When an answer says that the token is not valid. @module */
import type { TokenPlan } from './token-plan.ts';

export function isRefused(plan: TokenPlan, status: number): boolean {
  return plan.refusal.statuses.includes(status);
}
