/** `@tessera/guard`: protects an API with access tokens. @module */
export { type BearerChallenge, type BearerErrorCode, bearerChallenge } from './bearer-challenge.ts';
export { type BearerCredential, readBearerToken } from './bearer-token.ts';
export {
  type ContextHeaderName,
  type ContextHeaders,
  readContextHeaders,
  readSingleHeader,
  type SeenHeaders,
  type SingleHeader,
} from './context-headers.ts';
export { type RememberOptions, rememberMembership } from './remember-membership.ts';
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
} from './request-context.ts';
export {
  decideScopedRequest,
  type GuardDecision,
  type GuardedRequest,
  type GuardRefusal,
  type OnlineAnswer,
  type ScopedGuard,
} from './scoped-guard.ts';
export { readTokenCaller, type TokenCaller } from './token-caller.ts';
