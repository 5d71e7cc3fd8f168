/** The signing key in use and every key that still verifies, opened from one configuration. @module */
import {
  exportPrivateJwk,
  exportPublicJwk,
  generateSigningKey,
  importSigningKey,
  type SigningKey,
  type VerificationKey,
  verificationKeyOf,
} from '@tessera/token';
import type { SigningAlgorithm, SigningKeyRecord } from '../domain/signing-key.ts';
import type { JsonObject } from '../domain/tenancy.ts';
import type { Sealer } from './sealing.ts';

export interface KeyRing {
  /** The key that signs tokens of this use now; null where none was made yet. */
  readonly current: (use: string) => SigningKey | null;
  /** For {@link verifyToken}: the key named by `kid` decides the algorithm, never the token's header. */
  readonly find: (kid: string | null) => VerificationKey | null;
}

const sealLabel = (kid: string): string => `signing key ${kid}`;

/** Opens the keys of a configuration that still verify at `nowMs`. */
export function openKeyRing(records: readonly SigningKeyRecord[], sealer: Sealer, nowMs: number): KeyRing {
  const signing = new Map<string, SigningKey>();
  const verifying = new Map<string, VerificationKey>();
  for (const record of records) {
    if (record.removedAtMs !== null && record.removedAtMs <= nowMs) continue;
    const jwk = JSON.parse(sealer.open(record.sealedPrivateJwk, sealLabel(record.kid)));
    const key = importSigningKey(jwk, { alg: record.alg, kid: record.kid });
    verifying.set(record.kid, verificationKeyOf(key));
    if (record.retiredAtMs === null && !signing.has(record.use)) signing.set(record.use, key);
  }
  return {
    current: (use) => signing.get(use) ?? null,
    find: (kid) => (kid === null ? null : (verifying.get(kid) ?? null)),
  };
}

/** Makes a new signing key, ready to be kept. */
export function makeSigningKey(
  use: string,
  alg: SigningAlgorithm,
  sealer: Sealer,
  nowMs: number,
): SigningKeyRecord {
  const key = generateSigningKey(alg);
  if (key.kid === null) throw new Error('a generated key has a kid');
  return {
    kid: key.kid,
    use,
    alg,
    publicJwk: alg === 'HS256' ? null : (exportPublicJwk(key) as JsonObject),
    sealedPrivateJwk: sealer.seal(JSON.stringify(exportPrivateJwk(key)), sealLabel(key.kid)),
    createdAtMs: nowMs,
    retiredAtMs: null,
    removedAtMs: null,
  };
}
