/** The first two steps of checking a bearer: its form and its signature. @module */
import { factsOf, isAlgorithm } from '../algorithm.ts';
import { decodeBase64url, decodeBase64urlText } from '../base64url.ts';
import { TokenError } from '../errors.ts';
import { readHeader, splitToken, type TokenHeader, verifySigned } from '../jws.ts';
import type { VerificationKey } from '../key.ts';
import type { KeySet } from '../key-set.ts';
import { type JsonObject, parseStrictObject } from '../strict-json.ts';
import type { RefusalCode } from './refusal.ts';

/** A token whose form and signature are good; of its claims nothing is checked yet. */
export interface SignedToken {
  readonly header: TokenHeader;
  readonly claims: JsonObject;
  readonly key: VerificationKey;
}

export interface UnsignedToken {
  readonly refusal: RefusalCode;
  /** No key was found by the token's name for it, and the algorithm is one of this set: newer keys may have it. */
  readonly lacksKey: boolean;
}

export interface BearerKeys extends KeySet {
  /** Whether any key of this kind could be bound to the algorithm. */
  speaks(alg: string): boolean;
}

/** The one key, whatever name a token gives it: where there is no choice, a name chooses nothing. */
export function soleKey(key: VerificationKey): BearerKeys {
  return {
    find: (_kid, alg) => (alg === key.alg ? key : null),
    speaks: (alg) => alg === key.alg,
  };
}

/** Keys of an issuer that publishes them: found by name, and never a secret. */
export function publishedKeys(keys: KeySet): BearerKeys {
  return {
    find: keys.find,
    speaks: (alg) => isAlgorithm(alg) && factsOf(alg).family !== 'hmac',
  };
}

/** @param types of the header's `typ`, in lower case; a token without `typ` passes */
export function readSigned(
  token: string,
  keys: BearerKeys,
  types: readonly string[],
): SignedToken | UnsignedToken {
  try {
    const { header, key, payload } = verifySigned(token, keys, decodeBase64urlText);
    const claims = parseStrictObject(payload);
    return claims === null || !isOfType(header, types) ? malformed : { header, claims, key };
  } catch (error) {
    if (error instanceof TokenError) return whyUnsigned(token, keys, types);
    throw error;
  }
}

const malformed: UnsignedToken = Object.freeze({ refusal: 'malformed', lacksKey: false });
const signatureInvalid: UnsignedToken = Object.freeze({ refusal: 'signature_invalid', lacksKey: false });

function isOfType({ typ }: TokenHeader, types: readonly string[]): boolean {
  return typ === undefined || types.includes(typ.toLowerCase());
}

/** Form comes first: what is malformed is called so, whatever its signature. */
function whyUnsigned(token: string, keys: BearerKeys, types: readonly string[]): UnsignedToken {
  const header = readForm(token);
  if (header === null || !isOfType(header, types)) return malformed;
  if (!keys.speaks(header.alg) || token.endsWith('.')) return signatureInvalid;
  const key = keys.find(header.kid ?? null, header.alg);
  const isNamed = header.kid !== undefined && header.kid !== key?.kid;
  return { refusal: isNamed ? 'signature_key_not_found' : 'signature_invalid', lacksKey: key === null };
}

/** The header, if every part of the token is written as a token's parts are. */
function readForm(token: string): TokenHeader | null {
  try {
    const parts = splitToken(token);
    const payload = decodeBase64urlText(parts.payload);
    if (payload === null || parseStrictObject(payload) === null) return null;
    return decodeBase64url(parts.signature) === null ? null : readHeader(parts.header);
  } catch (error) {
    if (error instanceof TokenError) return null;
    throw error;
  }
}
