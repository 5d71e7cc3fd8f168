/** What routes ask of their principal, checked when they are declared. @module */

import type { Answer } from '../guard/answer.ts';
import { forbidden, unauthorized } from '../guard/answers.ts';
import type { Requirement } from '../guard/policies.ts';
import { checkPoliciesKnown } from '../guard/policy-names.ts';
import type { Guarded } from './guarded.ts';

/** @throws {TypeError} for none, or what is no text: a slip must not become a route for everybody */
export function roleRequirement(roles: readonly string[]): Requirement {
  return { roles: texts(roles, 'requireRole takes one role or more'), policies: [] };
}

/** @throws {TypeError} as {@link roleRequirement}; for a name that no guard knows */
export function policyRequirement(policies: readonly string[]): Requirement {
  const names = texts(policies, 'requirePolicy takes the name of one policy or more');
  checkPoliciesKnown(names);
  return { roles: [], policies: names };
}

function texts(given: readonly string[], message: string): readonly string[] {
  if (given.length > 0 && given.every((text) => typeof text === 'string' && text !== '')) return [...given];
  throw new TypeError(message);
}

/** @returns the refusal, or null: the request may go on */
export function askRequirement(
  guarded: Guarded | undefined,
  requirement: Requirement,
): Answer | null | Promise<Answer | null> {
  // No guard stood before this route.
  if (guarded === undefined) return unauthorized('Bearer');
  const meets = guarded.guard.meets(guarded.principal, requirement);
  if (typeof meets === 'boolean') return meets ? null : forbidden;
  return meets.then((settled) => (settled ? null : forbidden));
}
