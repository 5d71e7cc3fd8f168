/** What a guard leaves on a request that it let pass. @module */
import type { Principal } from '@tessera/token';
import type { Guard } from '../guard/guard.ts';

export interface Guarded {
  readonly guard: Guard;
  readonly principal: Principal;
}

/** Of this module alone, so that nothing in a request can pass for it. */
const mark = Symbol('guarded');

export function setGuarded(request: object, guard: Guard, principal: Principal): void {
  (request as Record<typeof mark, Guarded>)[mark] = { guard, principal };
}

export function guardedOf(request: object): Guarded | undefined {
  return (request as Partial<Record<typeof mark, Guarded>>)[mark];
}
