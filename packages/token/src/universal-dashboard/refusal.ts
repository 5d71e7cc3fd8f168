/** Why a bearer token was refused, with the exact texts of the original. @module */

export type RefusalCode =
  | 'malformed'
  | 'signature_invalid'
  | 'signature_key_not_found'
  | 'revoked'
  | 'no_expiration'
  | 'lifetime_invalid'
  | 'not_valid_yet'
  | 'expired'
  | 'audience_invalid'
  | 'issuer_invalid';

const descriptions: Readonly<Record<RefusalCode, string | null>> = {
  malformed: null,
  signature_invalid: 'The signature is invalid',
  signature_key_not_found: 'The signature key was not found',
  revoked: 'The token is revoked',
  no_expiration: 'The token has no expiration',
  lifetime_invalid: 'The token lifetime is invalid',
  not_valid_yet: 'The token is not valid yet',
  expired: 'The token is expired',
  audience_invalid: 'The audience is invalid',
  issuer_invalid: 'The issuer is invalid',
};

/** The `error_description` of a refusal; null where the original says none. */
export function refusalDescription(code: RefusalCode): string | null {
  return descriptions[code];
}

/** A token was refused; the message never holds any of it. */
export class TokenRefused extends Error {
  override readonly name: 'TokenRefused' = 'TokenRefused';
  readonly code: RefusalCode;
  /** The value of `WWW-Authenticate`, for instance `Bearer error="invalid_token", error_description="The token is expired"`. */
  readonly challenge: string;

  constructor(code: RefusalCode) {
    const description = descriptions[code];
    super(description ?? 'The token is malformed');
    this.code = code;
    const error = 'Bearer error="invalid_token"';
    this.challenge = description === null ? error : `${error}, error_description="${description}"`;
  }
}
