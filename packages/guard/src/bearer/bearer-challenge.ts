/** The WWW-Authenticate header of a refused request (RFC 6750 §3). @module */

/** `invalid_request` goes with status 400, `invalid_token` with 401, `insufficient_scope` with 403 (RFC 6750 §3.1). */
export type BearerErrorCode = 'invalid_request' | 'invalid_token' | 'insufficient_scope';

export interface BearerChallenge {
  readonly realm?: string;
  /** Left out where the request carried no credential at all (RFC 6750 §3.1). */
  readonly error?: BearerErrorCode;
  /** For developers, not for users; printable ASCII without `"` and `\`. */
  readonly errorDescription?: string;
  /** The scopes that the resource needs, separated by spaces. */
  readonly scope?: string;
}

/** What may stand in every parameter without escaping; also keeps line breaks out of the header. */
const plainText = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/**
 * @returns the header's value, for instance `Bearer realm="api", error="invalid_token"`
 * @throws {TypeError} when a parameter has a character that it may not have
 */
export function bearerChallenge(challenge: BearerChallenge = {}): string {
  const parameters = [
    ['realm', challenge.realm],
    ['error', challenge.error],
    ['error_description', challenge.errorDescription],
    ['scope', challenge.scope],
  ].filter(([, value]) => value !== undefined);
  for (const [name, value] of parameters) {
    if (!plainText.test(value ?? '')) throw new TypeError(`${name} may hold printable ASCII only`);
  }
  return ['Bearer', parameters.map(([name, value]) => `${name}="${value}"`).join(', ')].join(' ').trimEnd();
}
