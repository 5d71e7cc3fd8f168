/** Checks a bearer in the order of the original: form, signature, deny list, lifetime, audience, issuer. @module */
import {
  type BearerKeys,
  type BearerRules,
  type Claims,
  checkBearerClaims,
  checkLifetime,
  denialKeyOf,
  principalOf,
  type RefusalCode,
  readSigned,
  refusalDescription,
  type SignedToken,
  type UnsignedToken,
} from '@tessera/token';
import type { CheckedRequest, Refused, Remembered, Revoked, Verdict } from './method.ts';

export interface BearerCheck {
  readonly keys: BearerKeys;
  readonly rules: BearerRules;
  /** Of the header's `typ`, in lower case. */
  readonly types: readonly string[];
}

export function readBearer(check: BearerCheck, token: string): SignedToken | UnsignedToken {
  return readSigned(token, check.keys, check.types);
}

const revoked: Revoked = Object.freeze({ kind: 'revoked' });

/** The steps after the signature. */
export function judgeSigned(
  check: BearerCheck,
  token: string,
  signed: SignedToken,
  { denyList, nowMs }: CheckedRequest,
): Verdict | Promise<Verdict> {
  if (denyList === null) return judgeClaims(check, signed, null, nowMs);
  const key = denialKeyOf(token, signed.claims);
  const isDenied = denyList.has(key);
  if (typeof isDenied === 'boolean') return isDenied ? revoked : judgeClaims(check, signed, key, nowMs);
  return isDenied.then((denied) => (denied ? revoked : judgeClaims(check, signed, key, nowMs)));
}

function judgeClaims(
  check: BearerCheck,
  signed: SignedToken,
  denialKey: string | null,
  nowMs: number,
): Verdict {
  const refusal = checkBearerClaims(signed.claims, check.rules, nowMs / 1000);
  if (refusal !== null) return refused(refusal);
  return {
    kind: 'accepted',
    principal: principalOf(signed.claims as Claims),
    remembered: new RememberedBearer(check, signed),
    denialKey,
    narrow: null,
  };
}

/**
 * Stands while its time lasts and its key is still the one that is found.
 *
 * What is asked at every use is kept here and not looked up in the claims: of thousands of tokens, each look is one more at
 * memory that no cache holds.
 */
class RememberedBearer implements Remembered {
  readonly #check: BearerCheck;
  readonly #exp: SignedToken['claims'][string] | undefined;
  readonly #nbf: SignedToken['claims'][string] | undefined;
  readonly #kid: string | null;
  readonly #key: SignedToken['key'];

  constructor(check: BearerCheck, { header, claims, key }: SignedToken) {
    this.#check = check;
    this.#exp = claims.exp;
    this.#nbf = claims.nbf;
    this.#kid = header.kid ?? null;
    this.#key = key;
  }

  stands(nowMs: number): boolean {
    const { keys, rules } = this.#check;
    const lifetime = { exp: this.#exp, nbf: this.#nbf };
    if (checkLifetime(lifetime, rules.clockSkewSeconds, nowMs / 1000) !== null) return false;
    return keys.find(this.#kid, this.#key.alg) === this.#key;
  }
}

const refusals = new Map<RefusalCode, Refused>();

export function refused(code: RefusalCode): Refused {
  const known = refusals.get(code);
  if (known !== undefined) return known;
  const made: Refused = Object.freeze({ kind: 'refused', description: refusalDescription(code) });
  refusals.set(code, made);
  return made;
}
