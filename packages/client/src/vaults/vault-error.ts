/** Why a vault did not do what it was asked. @module */

export const vaultErrorCodes = [
  'not_found',
  'exists',
  'locked',
  'read_only',
  'denied',
  'unavailable',
  'too_large',
] as const;

/**
 * - `not_found`: no secret, or no vault, of that name
 * - `exists`: there is one already, and it was not to be replaced
 * - `locked`: a passphrase or key is missing
 * - `read_only`: the vault takes no values
 * - `denied`: the passphrase, key or token is wrong, or others could read what must be private
 * - `unavailable`: the vault cannot be reached, or what it holds cannot be read
 * - `too_large`: the vault cannot hold a value of that length
 */
export type VaultErrorCode = (typeof vaultErrorCodes)[number];

/** Its message is a sentence with the cure, and never holds a value. */
export class VaultError extends Error {
  override readonly name: 'VaultError' = 'VaultError';
  readonly code: VaultErrorCode;

  constructor(code: VaultErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
