/** Credentials that need not be fetched. @module */
import type { Secrets } from './secrets.ts';
import type { TokenPlan } from './token-plan.ts';

/** The credentials that are in the configuration itself; those in vaults are empty. */
export function inlineSecrets(plan: TokenPlan): Secrets {
  return Object.fromEntries(
    Object.entries(plan.secrets).map(([name, source]) => [
      name,
      source?.kind === 'value' ? source.value : null,
    ]),
  );
}
