/** Shows what a token says of itself, in the original's words. **Nothing is verified.** @module */
import { decodeBase64url, decodeBase64urlText } from '../base64url.ts';
import { type Claim, claimList } from '../claim-list.ts';
import { maxTokenLength } from '../jws.ts';
import { type JsonValue, parseStrictMembers } from '../strict-json.ts';

/** A token that cannot be read; the text of the token is never part of the message. */
export class MalformedToken extends Error {
  override readonly name: 'MalformedToken' = 'MalformedToken';
}

/** The properties of the original in its order; what it leaves empty is null. */
export interface DecodedToken {
  /** Claim `actort`. */
  readonly actor: string | null;
  readonly audiences: readonly string[];
  /** One for each claim, and for each element of a claim that is an array. */
  readonly claims: readonly Claim[];
  readonly encodedHeader: string;
  readonly encodedPayload: string;
  /** In the order in which they are written. */
  readonly header: ReadonlyMap<string, JsonValue>;
  /** Claim `jti`, which granted tokens do not have. */
  readonly id: string | null;
  readonly issuer: string | null;
  readonly payload: ReadonlyMap<string, JsonValue>;
  readonly innerToken: null;
  readonly rawAuthenticationTag: null;
  readonly rawCiphertext: null;
  readonly rawData: string;
  readonly rawEncryptedKey: null;
  readonly rawInitializationVector: null;
  readonly rawHeader: string;
  readonly rawPayload: string;
  readonly rawSignature: string;
  readonly securityKey: null;
  readonly signatureAlgorithm: string | null;
  readonly signingCredentials: null;
  readonly encryptingCredentials: null;
  readonly signingKey: null;
  readonly subject: string | null;
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
}

/**
 * Needs no key and **verifies nothing**: for showing a token, never for deciding on it.
 *
 * @throws {MalformedToken} not three parts, not base64url, no JSON objects, or over 16 KiB
 */
export function decodeJsonWebToken(token: string): DecodedToken {
  if (typeof token !== 'string') throw new MalformedToken('the token is not text');
  if (token.length > maxTokenLength) throw new MalformedToken('the token is longer than 16 KiB');
  const parts = token.split('.');
  if (parts.length !== 3) throw new MalformedToken('the token does not have three parts');
  const [rawHeader = '', rawPayload = '', rawSignature = ''] = parts;
  if (decodeBase64url(rawSignature) === null) throw new MalformedToken('the signature is not base64url');
  const header = readObject(rawHeader, 'header');
  const payload = readObject(rawPayload, 'payload');
  return {
    actor: textOrNull(payload.get('actort')),
    audiences: textsOf(payload.get('aud')),
    claims: claimList(payload),
    encodedHeader: rawHeader,
    encodedPayload: rawPayload,
    header,
    id: textOrNull(payload.get('jti')),
    issuer: textOrNull(payload.get('iss')),
    payload,
    innerToken: null,
    rawAuthenticationTag: null,
    rawCiphertext: null,
    rawData: token,
    rawEncryptedKey: null,
    rawInitializationVector: null,
    rawHeader,
    rawPayload,
    rawSignature,
    securityKey: null,
    signatureAlgorithm: textOrNull(header.get('alg')),
    signingCredentials: null,
    encryptingCredentials: null,
    signingKey: null,
    subject: textOrNull(payload.get('sub')),
    validFrom: dateOrNull(payload.get('nbf')),
    validTo: dateOrNull(payload.get('exp')),
  };
}

function readObject(encoded: string, part: string): ReadonlyMap<string, JsonValue> {
  const text = decodeBase64urlText(encoded);
  if (text === null) throw new MalformedToken(`the ${part} is not base64url of UTF-8`);
  const members = parseStrictMembers(text);
  if (members === null) throw new MalformedToken(`the ${part} is not a JSON object`);
  return members;
}

function textOrNull(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}

/** Null also for a number that is no date. */
function dateOrNull(seconds: JsonValue | undefined): Date | null {
  const date = new Date(typeof seconds === 'number' ? seconds * 1000 : Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}
