/** `@tessera/token`: strict JSON Web Tokens — sign, verify, keys, claims, durations, secrets. @module */
export type { Algorithm } from './algorithm.ts';
export { type BoundedMemory, createBoundedMemory } from './bounded-memory.ts';
export type { CertificateChain } from './certificate.ts';
export type { Claim } from './claim-list.ts';
export type { Claims, TokenRules } from './claims.ts';
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
  verifyWithRemoteKeys,
} from './remote-key-set.ts';
export { equalInConstantTime, Secret } from './secret.ts';
export { signToken, type TokenHeaderOptions } from './sign-token.ts';
export { createTokenVerifier, type TokenVerifier, type TokenVerifierOptions } from './token-verifier.ts';
export { decodeToken, type UnverifiedToken, type VerifiedToken, verifyToken } from './verify-token.ts';
