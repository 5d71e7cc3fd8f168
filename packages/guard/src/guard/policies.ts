/** Named conditions on a principal. @module */
import type { Principal } from '@tessera/token';
import { causeOf, type Log } from './log.ts';

/** Only `true` passes. One that throws, rejects or answers anything else does not. */
export type Policy = (principal: Principal) => boolean | Promise<boolean>;

/** What a route asks of its principal: any of the roles, and every policy. */
export interface Requirement {
  /** Empty: none is needed. */
  readonly roles: readonly string[];
  readonly policies: readonly string[];
}

export interface Policies {
  meets(principal: Principal, requirement: Requirement): boolean | Promise<boolean>;
  passedBy(principal: Principal): Promise<readonly string[]>;
}

export function createPolicies(given: Readonly<Record<string, Policy>>, log: Log): Policies {
  const policies = new Map(Object.entries(given));
  for (const [name, policy] of policies) {
    if (typeof policy !== 'function') throw new TypeError(`policy ${JSON.stringify(name)} is not a function`);
  }

  const failed = (name: string, thrown: unknown): false => {
    const message = `policy ${JSON.stringify(name)} failed and counts as not passed`;
    log({ code: 'TESSERA_POLICY_FAILED', message, cause: causeOf(thrown, []) });
    return false;
  };
  const passes = (name: string, principal: Principal): boolean | Promise<boolean> => {
    try {
      const answer: unknown = policies.get(name)?.(principal);
      if (!isThenable(answer)) return answer === true;
      return Promise.resolve(answer).then(
        (later: unknown) => later === true,
        (thrown: unknown) => failed(name, thrown),
      );
    } catch (thrown) {
      return failed(name, thrown);
    }
  };

  return {
    meets(principal, { roles, policies: names }) {
      if (roles.length > 0 && !roles.some((role) => principal.isInRole(role))) return false;
      if (names.length === 0) return true;
      const answers = names.map((name) => passes(name, principal));
      if (answers.every((answer) => typeof answer === 'boolean')) return answers.every(Boolean);
      return Promise.all(answers).then((settled) => settled.every(Boolean));
    },
    async passedBy(principal) {
      const names = [...policies.keys()];
      const answers = await Promise.all(names.map((name) => passes(name, principal)));
      return names.filter((_name, index) => answers[index] === true);
    },
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
