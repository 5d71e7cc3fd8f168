/** Verifies tokens (RFC 7519 §7.2), and reads them without verifying for those who must. @module */

import { decodeBase64url, decodeBase64urlText } from './base64url.ts';
import { type Claims, checkRules, readClaims, type TokenRules } from './claims.ts';
import { TokenError } from './errors.ts';
import { readHeader, splitToken, type TokenHeader, verifySigned } from './jws.ts';
import type { VerificationKey } from './key.ts';
import type { KeySet } from './key-set.ts';
import { parseStrictObject } from './strict-json.ts';

export interface VerifiedToken {
  readonly header: TokenHeader;
  readonly claims: Claims;
  /** The key that verified it. */
  readonly key: VerificationKey;
  /** `exp`; null when the token has none, which only `expiry: 'optional'` lets pass. */
  readonly expiresAtSeconds: number | null;
}

/**
 * Checks signature, form, claims and rules, in this order.
 *
 * @throws {TokenError} with the reason; answer all reasons alike
 */
export function verifyToken(token: string, keys: KeySet, rules: TokenRules): VerifiedToken {
  const { header, key, payload } = verifySigned(token, keys, decodeBase64urlText);
  const members = parseStrictObject(payload);
  if (members === null) throw new TokenError('malformed');
  const claims = readClaims(members);
  checkRules(header, claims, rules);
  return { header, claims, key, expiresAtSeconds: claims.exp ?? null };
}

/** What a token says of itself: nobody has verified any of it. */
export interface UnverifiedToken {
  readonly header: TokenHeader;
  readonly claims: Claims;
}

/**
 * Reads a token **without verifying it**: for printing, and for choosing an issuer's keys. Never decide on the result.
 *
 * @throws {TokenError} `malformed`, `too_large`, `unsupported`, `invalid_claims`
 */
export function decodeToken(token: string): UnverifiedToken {
  const parts = splitToken(token);
  const header = readHeader(parts.header);
  const payload = decodeBase64urlText(parts.payload);
  const members = payload === null ? null : parseStrictObject(payload);
  if (members === null || decodeBase64url(parts.signature) === null) throw new TokenError('malformed');
  return { header, claims: readClaims(members) };
}
