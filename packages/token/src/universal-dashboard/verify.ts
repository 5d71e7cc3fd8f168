/** Verifies a granted token by the shared key, as a guard does. @module */
import type { Claims } from '../claims.ts';
import { type Principal, principalOf } from '../principal.ts';
import { checkBearerClaims } from './check-claims.ts';
import { defaultSigningKey } from './defaults.ts';
import { TokenRefused } from './refusal.ts';
import { bearerRules, type RuleOptions } from './rules.ts';
import { readSigned, soleKey } from './signed.ts';
import { sharedVerificationKey } from './signing-key.ts';

export interface VerifyOptions extends RuleOptions {
  /** Default `default_signing_key`, as in granting. */
  readonly signingKey?: string | Uint8Array;
  /** Default: the present moment. */
  readonly now?: Date;
}

/** Granted tokens say `JWT`, or nothing. */
const grantedTypes: readonly string[] = ['jwt'];

/**
 * Checks form, signature, lifetime, audience and issuer, in this order. Knows no deny list: that is the guard's.
 *
 * @throws {TokenRefused} with the first that fails
 * @throws {TypeError} for options that are no such options; {@link KeyError} for a key that is no secret
 */
export function verifyJsonWebToken(token: string, options: VerifyOptions = {}): Principal {
  const rules = bearerRules(options);
  const { signingKey = defaultSigningKey } = options;
  const key = sharedVerificationKey(signingKey);
  const signed = readSigned(String(token), soleKey(key), grantedTypes);
  if ('refusal' in signed) throw new TokenRefused(signed.refusal);
  const nowSeconds = (options.now ?? new Date()).getTime() / 1000;
  const refusal = checkBearerClaims(signed.claims, rules, nowSeconds);
  if (refusal !== null) throw new TokenRefused(refusal);
  return principalOf(signed.claims as Claims);
}
