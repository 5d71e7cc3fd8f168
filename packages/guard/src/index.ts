/** `@tessera/guard`: protects an API with access tokens. @module */
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
export type { Answer } from './guard/answer.ts';
export type { Decision, Guard } from './guard/guard.ts';
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
export type { Credential, CredentialKind } from './request/credential.ts';
export type { RequestHead } from './request/request-head.ts';
