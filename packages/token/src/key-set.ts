/** Key sets: what a token's header may choose from, and nothing else. @module */
import { type Algorithm, isAlgorithm } from './algorithm.ts';
import { KeyError } from './errors.ts';
import { importVerificationKey } from './import-key.ts';
import type { JsonWebKey } from './jwk.ts';
import type { VerificationKey } from './key.ts';
import { parseStrictObject } from './strict-json.ts';

export interface KeySet {
  /**
   * The key of that name, bound to that algorithm; null otherwise.
   *
   * Gives the same object for the same key for as long as the key may verify: caches of verified tokens ask again at every
   * hit, so a key that is no longer found ends what it vouched for.
   *
   * @param kid null for a token without `kid`: found only if exactly one key of the set has the algorithm
   */
  find(kid: string | null, alg: string): VerificationKey | null;
}

/**
 * Keys for different algorithms may share a name, as equivalent alternatives do (RFC 7517 §4.5).
 *
 * @throws {KeyError} `duplicate_kid` when two keys have one name and one algorithm, which makes the choice ambiguous
 */
export function keySet(keys: readonly VerificationKey[]): KeySet {
  const byAlgorithm = new Map<string, Map<string, VerificationKey>>();
  for (const key of keys) {
    if (key.kid === null) continue;
    const byKid = byAlgorithm.get(key.alg) ?? new Map<string, VerificationKey>();
    if (byKid.has(key.kid)) throw duplicateKid();
    byAlgorithm.set(key.alg, byKid.set(key.kid, key));
  }
  return {
    find(kid, alg) {
      if (kid === null) return onlyOne(keys.filter((key) => key.alg === alg));
      return byAlgorithm.get(alg)?.get(kid) ?? null;
    },
  };
}

function duplicateKid(): KeyError {
  return new KeyError('duplicate_kid', 'two keys of the set have the same kid');
}

function onlyOne(keys: readonly VerificationKey[]): VerificationKey | null {
  return keys.length === 1 ? (keys[0] ?? null) : null;
}

/** Algorithms that an RSA key without `alg` can be bound to. */
export type RsaAlgorithm = Extract<Algorithm, `RS${string}` | `PS${string}`>;

export interface JwksImportOptions {
  /** What an RSA key without `alg` is bound to, since RSA keys fit six algorithms. Default `RS256`, the most usual. */
  readonly rsaAlgorithm?: RsaAlgorithm;
}

/**
 * A JWK Set (RFC 7517 §5). Keys that are not for signatures, of unknown kinds, or unfit (short, malformed, with another
 * `key_ops`) are left out, as the RFC asks; what puts the whole set in doubt refuses the set.
 *
 * @param json the document as text, so that duplicate members are seen, or already parsed
 * @throws {KeyError} `malformed_key_set`; `duplicate_kid`; `mixed_key_set`: secrets beside public keys; `not_public`: a private
 *   key; `no_usable_key`
 */
export function importJwks(
  json: string | { readonly keys: unknown },
  options: JwksImportOptions = {},
): KeySet {
  return keySet(readJwks(json, options));
}

/** The usable keys of {@link importJwks}, as a list. */
export function readJwks(
  json: string | { readonly keys: unknown },
  options: JwksImportOptions,
): readonly VerificationKey[] {
  const jwks = jwksMembers(json);
  // Also among keys that are left out: whoever made the set may have meant either.
  const names = jwks
    .filter(({ kid }) => kid !== undefined)
    .map(({ kid, kty, alg, use }) => JSON.stringify([kid, kty, alg, use]));
  if (new Set(names).size < names.length) throw duplicateKid();
  const symmetric = jwks.filter((jwk) => jwk.kty === 'oct').length;
  if (symmetric > 0 && symmetric < jwks.length) {
    throw new KeyError('mixed_key_set', 'the key set has secrets beside public keys');
  }
  if (jwks.some((jwk) => jwk.kty !== 'oct' && 'd' in jwk)) {
    throw new KeyError('not_public', 'the key set has a private key');
  }
  const keys = jwks.map((jwk) => usableKey(jwk, options)).filter((key) => key !== null);
  if (keys.length === 0)
    throw new KeyError('no_usable_key', 'the key set has no key that could verify a token');
  return keys;
}

function jwksMembers(json: string | { readonly keys: unknown }): readonly JsonWebKey[] {
  const document: { readonly keys?: unknown } | null =
    typeof json === 'string' ? parseStrictObject(json) : json;
  const members = document?.keys;
  if (Array.isArray(members) && members.every((member) => typeof member === 'object' && member !== null)) {
    return members as readonly JsonWebKey[];
  }
  throw new KeyError('malformed_key_set', 'the document is not a JWK Set');
}

function usableKey(jwk: JsonWebKey, options: JwksImportOptions): VerificationKey | null {
  const alg = jwk.alg ?? impliedAlgorithm(jwk, options);
  if (!isAlgorithm(alg)) return null;
  try {
    return importVerificationKey(jwk, { alg });
  } catch (error) {
    if (error instanceof KeyError) return null;
    throw error;
  }
}

/** A curve has one algorithm; a secret without `alg` has none. */
function impliedAlgorithm(jwk: JsonWebKey, options: JwksImportOptions): Algorithm | null {
  if (jwk.kty === 'RSA') return options.rsaAlgorithm ?? 'RS256';
  switch (jwk.crv) {
    case 'P-256':
      return 'ES256';
    case 'P-384':
      return 'ES384';
    case 'P-521':
      return 'ES512';
    case 'Ed25519':
      return 'EdDSA';
    default:
      return null;
  }
}
