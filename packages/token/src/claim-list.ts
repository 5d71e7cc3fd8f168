/** Claims as a list of types and texts, as the original shows them. @module */
import type { JsonValue } from './strict-json.ts';

export interface Claim {
  readonly type: string;
  /** Text as it is; every other value as JSON. */
  readonly value: string;
}

/** One for each claim, and for a claim that is an array, one for each of its elements. */
export function claimList(members: Iterable<readonly [name: string, value: unknown]>): readonly Claim[] {
  const claims: Claim[] = [];
  for (const [type, value] of members) {
    for (const one of Array.isArray(value) ? (value as JsonValue[]) : [value])
      claims.push(Object.freeze({ type, value: typeof one === 'string' ? one : JSON.stringify(one) }));
  }
  return Object.freeze(claims);
}
