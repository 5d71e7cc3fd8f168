/**
 * `@tessera/client`: calls any API that wants a token first, and speaks to a Tessera server: sign in, refresh, revoke.
 * @module
 */

export { Secret } from '@tessera/token';
export type { AdapterFiles } from './adapter/actions.ts';
export type { AdapterOptions, TesseraOptions } from './adapter/adapter-options.ts';
export { compileAdapter } from './adapter/compile-adapter.ts';
export { loadTokenPlan } from './adapter/load-token-plan.ts';
export { staleAtMs } from './answer/expiry.ts';
export { type Asked, readTokenResponse } from './answer/read-token-response.ts';
export { readStubToken } from './answer/stub-token.ts';
export {
  buildRefreshRequest,
  buildTokenRequest,
  type TokenRequestCall,
} from './asking/build-token-request.ts';
export type { Call, CallBody, CallContent, CallResult } from './calls/call.ts';
export type { ClientOptions } from './calls/client-options.ts';
export {
  authorizedFetch,
  type ClientToken,
  type ClientTokenSource,
  type TokenSourceOptions,
  type TokenWanted,
  tokenSource,
} from './calls/client-token-source.ts';
export type { DryRun } from './calls/dry-run.ts';
export type { FetchInit } from './calls/fetch-call.ts';
export type { Health } from './calls/healthcheck.ts';
export { loadAdapter } from './calls/load-adapter.ts';
export type { StubAnswer, StubAnswers } from './calls/stub-answers.ts';
export type { TokenClient } from './calls/token-client.ts';
export { InputError } from './input-error.ts';
export {
  type DescribedRequest,
  describeCall,
  describeTokenRequest,
  requestText,
} from './masking/describe-request.ts';
export { maskText, maskUrl } from './masking/mask-text.ts';
export type { CloudConnection } from './nectar/cloud-connection.ts';
export { type CloudHost, parseCloudHost } from './nectar/cloud-host.ts';
export { type ConnectOptions, connect, type UserPassword } from './nectar/connect.ts';
export type { Environment } from './nectar/environment.ts';
export { NotAuthenticatedError } from './nectar/errors.ts';
export { type RegisteredToken, registerToken, type TokenRegistration } from './nectar/register-token.ts';
export { type RenewedPair, renewPair } from './nectar/renew-pair.ts';
export type { HostCall } from './nectar/send-call.ts';
export { assertPlaceable, type PlaceableCall } from './placing/place-in-body.ts';
export { placeToken } from './placing/place-token.ts';
export { callUrl } from './plan/call-url.ts';
export {
  ConfigurationError,
  type ErrorKind,
  type Icode,
  type Problem,
  problemText,
  type Stage,
  TokenClientError,
} from './plan/errors.ts';
export type { TokenClientEvent } from './plan/events.ts';
export { type Overrides, overridePlan } from './plan/override-plan.ts';
export { isRefused } from './plan/refusal.ts';
export { resolveSecret, resolveSecrets, type SecretReaders } from './plan/resolve-secrets.ts';
export type { SecretSources, Secrets, SecretVaults } from './plan/secrets.ts';
export type { Token } from './plan/token.ts';
export type { TokenPlan } from './plan/token-plan.ts';
export { type Header, headerValue, type WireRequest, type WireResponse } from './plan/wire.ts';
export {
  buildPasswordGrant,
  buildRefreshGrant,
  type PasswordGrant,
  type RefreshGrant,
  type RefreshTokenWish,
} from './tessera/build-grant.ts';
export { buildRevocation, type Revocation } from './tessera/build-revocation.ts';
export type { Connection, Verification, WireEvent } from './tessera/connection.ts';
export { AnswerError, isOneTimePasswordRequired, RefusedError, UnreachableError } from './tessera/errors.ts';
export { readTokens, type Tokens } from './tessera/read-tokens.ts';
export { type Answer, type Method, type Request, sendRequest } from './tessera/send-request.ts';
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
} from './tessera/token-pair.ts';
export type { TokenCache } from './token-source/external-cache.ts';
export { type RedisCommand, redisCache } from './token-source/redis-cache.ts';
export { createTokenClient } from './typed/create-token-client.ts';
export type * from './typed/token-client-config.ts';
export type { RefreshTokenStore, TokenPairStore, TokenPairTexts } from './typed/token-store.ts';
export { type AzureCredential, type AzureVaultOptions, azureVault } from './vaults/azure/azure-vault.ts';
export {
  createVaults,
  type FoundSecret,
  type VaultEntry,
  type Vaults,
  type VaultsConfig,
  type WriteOptions,
} from './vaults/create-vaults.ts';
export { type EnvironmentVaultOptions, environmentVault } from './vaults/environment-vault.ts';
export { type FileVaultOptions, type FindKey, fileVault, type Unlock } from './vaults/file/file-vault.ts';
export type { AskPassphrase } from './vaults/file/find-key.ts';
export { makeKeyFile, readKeyFile, type VaultKey } from './vaults/file/vault-key.ts';
export { type HashicorpVaultOptions, hashicorpVault } from './vaults/hashicorp/hashicorp-vault.ts';
export { type HelperVaultOptions, helperVault } from './vaults/helper/helper-vault.ts';
export { type KeychainVaultOptions, keychainVault } from './vaults/keychain/keychain-vault.ts';
export { type MemoryVaultOptions, memoryVault } from './vaults/memory-vault.ts';
export { type Registration, vaultKinds } from './vaults/registration.ts';
export type {
  SecretReader,
  SecretVault,
  SetOptions,
} from './vaults/secret-vault.ts';
export {
  VaultError,
  type VaultErrorCode,
  vaultErrorCodes,
} from './vaults/vault-error.ts';
