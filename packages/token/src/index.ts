/** `@tessera/token`: strict JSON Web Tokens — sign, verify, keys, claims, durations, secrets. @module */
export type { Algorithm } from './algorithm.ts';
export { type BoundedMemory, createBoundedMemory } from './bounded-memory.ts';
export type { CertificateChain } from './certificate.ts';
export type { Claim } from './claim-list.ts';
export { nameClaim, roleClaim } from './claim-names.ts';
export type { Claims, TokenRules } from './claims.ts';
export { denialKeyOf } from './denial-key.ts';
export { DurationError, type DurationUnit, formatDuration, parseDuration } from './duration.ts';
export { KeyError, type KeyRefusal, TokenError, type TokenRefusal } from './errors.ts';
export { RemoteKeysError, type RemoteKeysFailure } from './fetch-jwks.ts';
export type { WeakSecretPolicy } from './hmac-secret.ts';
export {
  importSigningKey,
  importVerificationKey,
  type KeyImportOptions,
  type KeySource,
} from './import-key.ts';
export { exportPrivateJwk, exportPublicJwk, exportPublicPem, type JsonWebKey } from './jwk.ts';
export { jwkThumbprint } from './jwk-thumbprint.ts';
export { maxTokenLength, type TokenHeader, type VerifiedJws, verifyJws } from './jws.ts';
export {
  generateSigningKey,
  type SigningKey,
  type VerificationKey,
  verificationKeyOf,
  withCertificate,
} from './key.ts';
export { importJwks, type JwksImportOptions, type KeySet, keySet, type RsaAlgorithm } from './key-set.ts';
export {
  anonymous,
  type Principal,
  type PrincipalDetails,
  type PrincipalScope,
  principalOf,
} from './principal.ts';
export {
  createRemoteKeySet,
  type RemoteKeySet,
  type RemoteKeySetOptions,
  type RemoteKeysState,
  verifyWithRemoteKeys,
} from './remote-key-set.ts';
export { equalInConstantTime, Secret } from './secret.ts';
export { signToken, type TokenHeaderOptions } from './sign-token.ts';
export { type JsonObject, type JsonValue, parseStrictMembers, parseStrictObject } from './strict-json.ts';
export { createTokenVerifier, type TokenVerifier, type TokenVerifierOptions } from './token-verifier.ts';
export { type BearerRules, checkBearerClaims, checkLifetime } from './universal-dashboard/check-claims.ts';
export { type DecodedToken, decodeJsonWebToken, MalformedToken } from './universal-dashboard/decode.ts';
export { defaultSigningKey } from './universal-dashboard/defaults.ts';
export { type GrantOptions, grantJsonWebToken } from './universal-dashboard/grant.ts';
export { payloadEntries, type TokenPayload } from './universal-dashboard/payload.ts';
export { type RefusalCode, refusalDescription, TokenRefused } from './universal-dashboard/refusal.ts';
export { bearerRules, type RuleOptions } from './universal-dashboard/rules.ts';
export {
  type BearerKeys,
  publishedKeys,
  readSigned,
  type SignedToken,
  soleKey,
  type UnsignedToken,
} from './universal-dashboard/signed.ts';
export {
  isDefaultSigningKey,
  sharedVerificationKey,
  warningsOfKey,
} from './universal-dashboard/signing-key.ts';
export { type VerifyOptions, verifyJsonWebToken } from './universal-dashboard/verify.ts';
export {
  type TokenWarning,
  type TokenWarningCode,
  type Warn,
  warnProcess,
} from './universal-dashboard/warnings.ts';
export { decodeToken, type UnverifiedToken, type VerifiedToken, verifyToken } from './verify-token.ts';
