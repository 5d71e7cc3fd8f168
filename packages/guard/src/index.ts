/** `@tessera/guard`: protects an API with access tokens. @module */
export {
  anonymous,
  type Claim,
  type DecodedToken,
  decodeJsonWebToken,
  type GrantOptions,
  grantJsonWebToken,
  MalformedToken,
  type Principal,
  type PrincipalScope,
  TokenRefused,
  type VerifyOptions,
  verifyJsonWebToken,
} from '@tessera/token';
export { type BearerChallenge, type BearerErrorCode, bearerChallenge } from './bearer/bearer-challenge.ts';
export { type BearerCredential, readBearerToken } from './bearer/bearer-token.ts';
export {
  type ContextHeaderName,
  type ContextHeaders,
  readContextHeaders,
  readSingleHeader,
  type SeenHeaders,
  type SingleHeader,
} from './context/context-headers.ts';
export { type RememberOptions, rememberMembership } from './context/remember-membership.ts';
export {
  type ContextDecision,
  type ContextLookups,
  type ContextResult,
  decideContext,
  type EffectiveContext,
  resolveContext,
  type ScopeAnswer,
  type TenantMembership,
  type TokenContext,
  type WantedContext,
} from './context/request-context.ts';
export {
  decideScopedRequest,
  type GuardDecision,
  type GuardedRequest,
  type GuardRefusal,
  type OnlineAnswer,
  type ScopedGuard,
} from './context/scoped-guard.ts';
export { readTokenCaller, type TokenCaller } from './context/token-caller.ts';
export { type DenyList, DenyListUnavailable } from './deny/deny-list.ts';
export { type FileDenyListOptions, fileDenyList } from './deny/file-deny-list.ts';
export type { Answer } from './guard/answer.ts';
export { createGuard } from './guard/create-guard.ts';
export { DefaultSigningKeyError } from './guard/default-key.ts';
export type { Decision, Guard } from './guard/guard.ts';
export type { GuardEvent, GuardEventCode, Log } from './guard/log.ts';
export type { GuardMetrics, RequestCounts } from './guard/metrics.ts';
export type { GuardMethod, GuardOptions, MemoryLimits } from './guard/options.ts';
export type { Policy, Requirement } from './guard/policies.ts';
export type { LoginAttempt, LoginBody } from './login/attempt.ts';
export type { LoginCheck } from './login/check.ts';
export type { LoginCredential } from './login/credential.ts';
export {
  failure,
  type LoginFailure,
  type LoginResult,
  type LoginSuccess,
  type SuccessOptions,
  success,
} from './login/result.ts';
export type { Admission, Attempt, Throttle } from './login/throttle.ts';
export { type BasicOptions, basic } from './methods/basic.ts';
export { jwt, type SharedJwtOptions } from './methods/jwt.ts';
export type {
  CertificateOptions,
  JwksOptions,
  JwksUrlOptions,
  PublicKeyOptions,
  PublicKeysOptions,
} from './methods/jwt-keys.ts';
export { type LoginMethod, type LoginOptions, login } from './methods/login.ts';
export type {
  Accepted,
  CheckedRequest,
  CredentialMethod,
  Narrowing,
  Refused,
  Remembered,
  Revoked,
  Unavailable,
  Verdict,
} from './methods/method.ts';
export type { PublicJwtOptions } from './methods/public-key-jwt.ts';
export type { SharedKeyMethod } from './methods/shared-key.ts';
export { type NectarOptions, nectar } from './nectar/nectar.ts';
export type { Credential, CredentialKind } from './request/credential.ts';
export { type ReadCredential, readAuthorization } from './request/read-credential.ts';
export type { RequestHead } from './request/request-head.ts';
export type { TesseraMode, TesseraOptions } from './tessera/options.ts';
export type { RegistryOptions } from './tessera/registry-list.ts';
export { tessera } from './tessera/tessera.ts';
export type { TokenKind } from './tessera/token-kind.ts';
