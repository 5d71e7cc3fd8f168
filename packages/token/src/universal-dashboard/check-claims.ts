/** The later steps of checking a bearer: lifetime, audience, issuer, in this order. @module */
import { lastSecond } from '../claims.ts';
import type { JsonObject, JsonValue } from '../strict-json.ts';
import type { RefusalCode } from './refusal.ts';

export interface BearerRules {
  /** Any of them, compared exactly; null: not checked. */
  readonly issuers: readonly string[] | null;
  readonly audiences: readonly string[] | null;
  readonly clockSkewSeconds: number;
}

/** @returns the first rule that the claims break; null: none */
export function checkBearerClaims(
  claims: JsonObject,
  rules: BearerRules,
  nowSeconds: number,
): RefusalCode | null {
  const lifetime = checkLifetime(claims, rules.clockSkewSeconds, nowSeconds);
  if (lifetime !== null) return lifetime;
  if (rules.audiences !== null && !holdsOneOf(claims.aud, rules.audiences)) return 'audience_invalid';
  if (rules.issuers !== null && !isOneOf(claims.iss, rules.issuers)) return 'issuer_invalid';
  return null;
}

/** At exactly `exp` + skew a token is still good. */
export function checkLifetime(
  { nbf, exp }: { readonly nbf?: JsonValue | undefined; readonly exp?: JsonValue | undefined },
  skewSeconds: number,
  nowSeconds: number,
): RefusalCode | null {
  if (!Number.isFinite(nowSeconds)) throw new TypeError('nowSeconds is a number of seconds');
  if (typeof exp !== 'number') return 'no_expiration';
  if (exp > lastSecond) return 'lifetime_invalid';
  if (nbf !== undefined && (typeof nbf !== 'number' || nbf > exp)) return 'lifetime_invalid';
  if (nbf !== undefined && nbf > nowSeconds + skewSeconds) return 'not_valid_yet';
  return exp < nowSeconds - skewSeconds ? 'expired' : null;
}

function holdsOneOf(given: JsonValue | undefined, wanted: readonly string[]): boolean {
  return Array.isArray(given) ? given.some((one) => isOneOf(one, wanted)) : isOneOf(given, wanted);
}

function isOneOf(given: JsonValue | undefined, wanted: readonly string[]): boolean {
  return typeof given === 'string' && wanted.includes(given);
}
