/** A verifier with a memory: a token that comes again costs one look-up instead of one signature. @module */
import { createBoundedMemory } from './bounded-memory.ts';
import { checkTime, type TokenRules } from './claims.ts';
import { deepFreeze } from './jws.ts';
import type { KeySet } from './key-set.ts';
import type { JsonObject } from './strict-json.ts';
import { type VerifiedToken, verifyToken } from './verify-token.ts';

export interface TokenVerifierOptions extends Omit<TokenRules, 'nowSeconds'> {
  readonly keys: KeySet;
  /** How many verified tokens are remembered at most, default 10,000; 0 remembers none. */
  readonly maxEntries?: number;
  /** Longer tokens, in characters, are verified every time. Default 4096, so the default memory stays under 100 MiB. */
  readonly maxRememberedLength?: number;
}

export interface TokenVerifier {
  /**
   * As `verifyToken`; a remembered token is judged anew by time and by its key. Results are shared and frozen.
   *
   * @throws {TokenError}
   */
  verify(token: string, nowSeconds: number): VerifiedToken;
  /** Forgets one token, for instance when its session has ended. */
  forget(token: string): void;
  clear(): void;
  /** Remembered tokens now. */
  readonly size: number;
}

/**
 * The rules are fixed when the verifier is made and the memory is its own, by the whole text of the token, so an entry can
 * answer only the question it was made for. Only verified tokens are remembered: forgeries cannot push them out.
 *
 * An entry ends with the token's `exp`, and as soon as `keys.find` no longer gives the key that verified it.
 *
 * @throws {TypeError} for a limit that is not a whole number
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { keys, maxEntries = 10_000, maxRememberedLength = 4096, ...givenRules } = options;
  const rules = structuredClone(givenRules);
  const tolerance = rules.clockToleranceSeconds ?? 0;
  const memory = createBoundedMemory<VerifiedToken>(maxEntries);

  return {
    verify(token, nowSeconds) {
      const known = memory.get(token);
      if (known !== undefined && keys.find(known.header.kid ?? null, known.header.alg) === known.key) {
        checkTime(known.expiresAtSeconds, known.claims.nbf ?? null, nowSeconds, tolerance);
        return known;
      }
      if (known !== undefined) memory.delete(token);
      const verified = Object.freeze(verifyToken(token, keys, { ...rules, nowSeconds }));
      deepFreeze(verified.claims as JsonObject);
      if (token.length <= maxRememberedLength) memory.set(token, verified);
      return verified;
    },
    forget: (token) => memory.delete(token),
    clear: () => memory.clear(),
    get size() {
      return memory.size;
    },
  };
}
