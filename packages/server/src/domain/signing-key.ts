/** A signing key as it is kept: the public part clear, the private part sealed. @module */
import type { JsonObject } from './tenancy.ts';

export type SigningAlgorithm = 'HS256' | 'ES256' | 'ES384' | 'ES512' | 'RS256';

export interface SigningKeyRecord {
  readonly kid: string;
  /** Which tokens it signs; each use has its own current key. `default` is the one every dialect shares unless it asks otherwise. */
  readonly use: string;
  readonly alg: SigningAlgorithm;
  /** Null for HMAC keys, which have no public part. */
  readonly publicJwk: JsonObject | null;
  /** The private JWK, sealed by the master key; base64url. */
  readonly sealedPrivateJwk: string;
  readonly createdAtMs: number;
  /** From when it signs no more; null: it is the current one. */
  readonly retiredAtMs: number | null;
  /** From when it verifies no more; null: not known yet. */
  readonly removedAtMs: number | null;
}
