/** What only somebody who has signed in may do: managing what proves who somebody is. @module */
import { refuse } from '../domain/problem.ts';
import type { Caller } from './core.ts';
import { requireStandardToken } from './manage-rights.ts';

/**
 * A token that was handed to a program must not be able to make itself last: no new tokens, no new password, no new factor.
 *
 * @throws {ProblemError} `forbidden` for an API token, for one refreshed by a program, and for a minimal token
 */
export function requireInteractive(caller: Caller): void {
  requireStandardToken(caller);
  if (caller.principal.purpose === 'interactive') return;
  throw refuse('forbidden', 'not_interactive', 'Sign in interactively to manage credentials');
}
