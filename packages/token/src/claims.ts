/** The registered claims and what a verifier asks of them (RFC 7519 §4.1). @module */
import { TokenError } from './errors.ts';
import type { TokenHeader } from './jws.ts';
import type { JsonObject, JsonValue } from './strict-json.ts';

/** Registered claims have their types; all others are for the caller to read. */
export interface Claims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  readonly exp?: number;
  readonly nbf?: number;
  readonly iat?: number;
  readonly jti?: string;
  readonly [name: string]: unknown;
}

/** What a token must be; a rule that is not given is not checked, so give issuer, audience and type (RFC 8725 §3.8–3.11). */
export interface TokenRules {
  /** The `iss` to expect, compared exactly; of several, any. */
  readonly issuer?: string | readonly string[];
  /** What `aud` must be or contain, compared exactly; of several, any. */
  readonly audience?: string | readonly string[];
  /** The header's `typ`, compared without letter case and without `application/` (RFC 7515 §4.1.9); of several, any. */
  readonly type?: string | readonly string[];
  /** Seconds since 1970, whole or fractional. */
  readonly nowSeconds: number;
  /** How far the issuer's clock may be off, for `exp` and `nbf`. Default 0. */
  readonly clockToleranceSeconds?: number;
  /** Default `'required'`: a token without `exp` is refused. */
  readonly expiry?: 'required' | 'optional';
}

/** 9999-12-31T23:59:59Z, the last second that dates in common use can write. */
export const lastSecond = 253_402_300_799;

/** @throws {TokenError} `invalid_claims` when a registered claim is of another type, or a date negative or beyond year 9999 */
export function readClaims(members: JsonObject): Claims {
  const { iss, sub, jti, aud, exp, nbf, iat } = members;
  const sound =
    isTextOrAbsent(iss) &&
    isTextOrAbsent(sub) &&
    isTextOrAbsent(jti) &&
    isDateOrAbsent(exp) &&
    isDateOrAbsent(nbf) &&
    isDateOrAbsent(iat) &&
    (isTextOrAbsent(aud) || (Array.isArray(aud) && aud.every((entry) => typeof entry === 'string')));
  if (!sound) throw new TokenError('invalid_claims');
  return members as Claims;
}

function isTextOrAbsent(value: JsonValue | undefined): boolean {
  return value === undefined || typeof value === 'string';
}

function isDateOrAbsent(value: JsonValue | undefined): boolean {
  return value === undefined || (typeof value === 'number' && value >= 0 && value <= lastSecond);
}

/**
 * @throws {TokenError} `wrong_type`, `wrong_issuer`, `wrong_audience`, `invalid_claims`, `expired`, `not_yet_valid`
 * @throws {TypeError} when `nowSeconds` or the tolerance is not a number of seconds
 */
export function checkRules(header: TokenHeader, claims: Claims, rules: TokenRules): void {
  if (rules.type !== undefined && !matches(rules.type, header.typ, isSameType)) {
    throw new TokenError('wrong_type');
  }
  if (rules.issuer !== undefined && !matches(rules.issuer, claims.iss, isSame)) {
    throw new TokenError('wrong_issuer');
  }
  if (rules.audience !== undefined && !matchesAudience(rules.audience, claims.aud)) {
    throw new TokenError('wrong_audience');
  }
  if (claims.exp === undefined && rules.expiry !== 'optional') throw new TokenError('invalid_claims');
  checkTime(claims.exp ?? null, claims.nbf ?? null, rules.nowSeconds, rules.clockToleranceSeconds ?? 0);
}

/**
 * A token lives from `nbf` inclusive to `exp` exclusive (RFC 7519 §4.1.4, §4.1.5), each widened by the tolerance.
 *
 * @throws {TokenError} `expired`, `not_yet_valid`
 * @throws {TypeError} for a time that is not a number: a comparison with NaN would let everything pass
 */
export function checkTime(exp: number | null, nbf: number | null, now: number, tolerance: number): void {
  if (!Number.isFinite(now) || !(tolerance >= 0)) {
    throw new TypeError('nowSeconds and clockToleranceSeconds are numbers of seconds');
  }
  if (exp !== null && now >= exp + tolerance) throw new TokenError('expired');
  if (nbf !== null && now < nbf - tolerance) throw new TokenError('not_yet_valid');
}

type Comparison = (wanted: string, given: string) => boolean;

function matches(
  wanted: string | readonly string[],
  given: string | undefined,
  comparison: Comparison,
): boolean {
  if (given === undefined) return false;
  if (typeof wanted === 'string') return comparison(wanted, given);
  return wanted.some((one) => comparison(one, given));
}

function matchesAudience(
  wanted: string | readonly string[],
  given: string | readonly string[] | undefined,
): boolean {
  if (given === undefined || typeof given === 'string') return matches(wanted, given, isSame);
  return given.some((one) => matches(wanted, one, isSame));
}

function isSame(wanted: string, given: string): boolean {
  return wanted === given;
}

function isSameType(wanted: string, given: string): boolean {
  return wanted === given || mediaType(wanted) === mediaType(given);
}

function mediaType(typ: string): string {
  const lower = typ.toLowerCase();
  return lower.startsWith('application/') ? lower.slice('application/'.length) : lower;
}
