/**
 * The names of all policies of all guards in this process, so that a route that names one that does not exist is refused when it is
 * declared, where no framework tells a route which guard will stand before it.
 * @module
 */

const known = new Set<string>();

export function makePoliciesKnown(names: Iterable<string>): void {
  for (const name of names) known.add(name);
}

/** @throws {TypeError} naming the first that no guard has: make the guard before its routes */
export function checkPoliciesKnown(names: readonly string[]): void {
  for (const name of names) {
    if (!known.has(name)) {
      throw new TypeError(`no guard has a policy ${JSON.stringify(name)}; make the guard before its routes`);
    }
  }
}
