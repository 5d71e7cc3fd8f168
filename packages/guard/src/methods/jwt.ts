/** The method `jwt`: bearers that are checked by a key, shared or public. @module */
import {
  bearerRules,
  defaultSigningKey,
  type RuleOptions,
  Secret,
  sharedVerificationKey,
  soleKey,
} from '@tessera/token';
import { refuseUnknownOptions } from '../guard/known-options.ts';
import type { Credential } from '../request/credential.ts';
import { type BearerCheck, judgeSigned, readBearer, refused } from './bearer-check.ts';
import type { CheckedRequest, CredentialMethod, Verdict } from './method.ts';
import { isPublicKeyOptions, type PublicJwtOptions, publicKeyJwt } from './public-key-jwt.ts';
import type { SharedKeyMethod } from './shared-key.ts';

/** All optional, with the defaults of granting: a bare `jwt()` accepts a bare grant. Change one, and grant with the same. */
export interface SharedJwtOptions extends RuleOptions {
  /** Text counts as its UTF-8 bytes. Default `default_signing_key`, which a guard in production refuses. */
  readonly signingKey?: string | Uint8Array;
}

/**
 * @throws {TypeError} for an empty key, an empty issuer or audience, or a skew that is no number of seconds
 * @throws {KeyError} for a key that is no secret, or not public, or weak
 */
export function jwt(options?: SharedJwtOptions): SharedKeyMethod;
export function jwt(options: PublicJwtOptions): CredentialMethod;
export function jwt(options: SharedJwtOptions | PublicJwtOptions = {}): CredentialMethod {
  return isPublicKeyOptions(options) ? publicKeyJwt(options) : sharedKeyJwt(options);
}

const namesOfShared: readonly string[] = ['signingKey', 'issuer', 'audience', 'clockSkewSeconds'];

function sharedKeyJwt(options: SharedJwtOptions): SharedKeyMethod {
  // Of a key under another name, the default one would be used in its place.
  refuseUnknownOptions('jwt', options, namesOfShared);
  const { signingKey = defaultSigningKey } = options;
  const rules = bearerRules(options);
  const check: BearerCheck = { keys: soleKey(sharedVerificationKey(signingKey)), rules, types: ['jwt'] };
  return {
    role: 'credentials',
    name: 'jwt',
    credentials: ['bearer'],
    challenge: 'Bearer',
    check: (credential, request) => checkBearer(check, credential, request),
    shared: {
      signingKey: new Secret(typeof signingKey === 'string' ? signingKey : Uint8Array.from(signingKey)),
      issuer: rules.issuers?.[0] ?? '',
      audience: rules.audiences?.[0] ?? '',
    },
  };
}

function checkBearer(
  check: BearerCheck,
  credential: Credential,
  request: CheckedRequest,
): Verdict | Promise<Verdict> {
  if (credential.kind === 'basic') return refused('malformed');
  const signed = readBearer(check, credential.token);
  if ('refusal' in signed) return refused(signed.refusal);
  return judgeSigned(check, credential.token, signed, request);
}
