/** When `login` means the login that is kept already. @module */
import { asksForSignIn } from '../connect/credential.ts';
import type { Invocation } from '../program/command.ts';

/** Nobody and nothing is named that another login could be wanted for. */
export function mayRenew({ globals }: Invocation): boolean {
  const namesScope = [globals.domain, globals['auth-domain'], globals.tenant].some((name) => name !== null);
  return !asksForSignIn(globals) && !namesScope;
}
