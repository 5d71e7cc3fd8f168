/** `@tessera/client`: speaks to a Tessera server — sign in, refresh, revoke, and call its API with a token. @module */

export { Secret } from '@tessera/token';
export {
  buildPasswordGrant,
  buildRefreshGrant,
  type PasswordGrant,
  type RefreshGrant,
  type RefreshTokenWish,
} from './build-grant.ts';
export { buildRevocation, type Revocation } from './build-revocation.ts';
export type { Connection, Verification, WireEvent } from './connection.ts';
export { AnswerError, isOneTimePasswordRequired, RefusedError, UnreachableError } from './errors.ts';
export { readTokens, type Tokens } from './read-tokens.ts';
export { type Answer, type Method, type Request, sendRequest } from './send-request.ts';
export {
  authenticated,
  buildPairLogin,
  buildPairRenewal,
  buildPairRescope,
  type GrantedPair,
  type NamedScope,
  type PairLogin,
  readTokenPair,
  type TokenKind,
  type TokenPair,
} from './token-pair.ts';
export type { SecretReader, SecretVault, SetOptions } from './vaults/secret-vault.ts';
export { VaultError, type VaultErrorCode, vaultErrorCodes } from './vaults/vault-error.ts';
