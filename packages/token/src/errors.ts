/** Why a token or a key was refused, as data; messages never hold text of a token or of a key. @module */

export type TokenRefusal =
  | 'malformed'
  | 'too_large'
  | 'unsupported'
  | 'unknown_key'
  | 'bad_signature'
  | 'invalid_claims'
  | 'expired'
  | 'not_yet_valid'
  | 'wrong_issuer'
  | 'wrong_audience'
  | 'wrong_type';

const tokenMessages: Readonly<Record<TokenRefusal, string>> = {
  malformed: 'the token is not a well-formed JWS',
  too_large: 'the token is longer than a token may be',
  unsupported: 'the token asks for something that is not supported',
  unknown_key: 'no key verifies this token',
  bad_signature: 'the signature is wrong',
  invalid_claims: 'a registered claim has a value that it may not have',
  expired: 'the token has expired',
  not_yet_valid: 'the token is not valid yet',
  wrong_issuer: 'the token is from another issuer',
  wrong_audience: 'the token is for another audience',
  wrong_type: 'the token is of another type',
};

/** A token was refused. `reason` is for the operator's log; callers outside get one answer for all reasons. */
export class TokenError extends Error {
  override readonly name: 'TokenError' = 'TokenError';
  readonly reason: TokenRefusal;

  constructor(reason: TokenRefusal) {
    super(tokenMessages[reason]);
    this.reason = reason;
  }
}

export type KeyRefusal =
  | 'malformed_key'
  | 'unsupported_algorithm'
  | 'algorithm_mismatch'
  | 'weak_key'
  | 'wrong_use'
  | 'wrong_kid'
  | 'not_public'
  | 'wrong_certificate'
  | 'malformed_key_set'
  | 'duplicate_kid'
  | 'mixed_key_set'
  | 'no_usable_key';

/** A key, a certificate or a key set was refused; the message names what is wrong with it. */
export class KeyError extends Error {
  override readonly name: 'KeyError' = 'KeyError';
  readonly reason: KeyRefusal;

  constructor(reason: KeyRefusal, message: string) {
    super(message);
    this.reason = reason;
  }
}
