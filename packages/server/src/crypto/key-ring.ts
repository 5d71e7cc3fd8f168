/** The signing keys in use and every key that still verifies, opened from one configuration. @module */
import {
  importSigningKey,
  importVerificationKey,
  type SigningKey,
  type VerificationKey,
  verificationKeyOf,
} from '@tessera/token';
import { firstToSign, type SigningKeyRecord, signingKeyAt, verifiesAt } from '../domain/signing-key.ts';
import { privateKeyLabel } from './make-signing-key.ts';
import type { Sealer } from './sealing.ts';

export interface KeyRing {
  /** The key that signs tokens of this use at `nowMs`; null where none was made yet. */
  readonly current: (use: string, nowMs: number) => SigningKey | null;
  /** For {@link verifyToken}: the key named by `kid` decides the algorithm, never the token's header. */
  readonly find: (kid: string | null) => VerificationKey | null;
  /** The same, and keys that verify no more but for tokens that are shown to be renewed. */
  readonly findForRenewal: (kid: string | null) => VerificationKey | null;
}

interface OpenKey extends SigningKeyRecord {
  readonly key: SigningKey;
}

/** Opens the keys of a configuration that are still of use at `nowMs`. */
export function openKeyRing(records: readonly SigningKeyRecord[], sealer: Sealer, nowMs: number): KeyRing {
  const signing = new Map<string, OpenKey[]>();
  const verifying = new Map<string, VerificationKey>();
  const kept = new Map<string, VerificationKey>();
  for (const record of records) {
    if (!verifiesAt(record, nowMs)) {
      if (record.keptUntilMs !== null && record.publicJwk !== null)
        kept.set(
          record.kid,
          importVerificationKey({ ...record.publicJwk }, { alg: record.alg, kid: record.kid }),
        );
      continue;
    }
    const key = openKey(record, sealer);
    verifying.set(record.kid, verificationKeyOf(key));
    signing.set(record.use, [...(signing.get(record.use) ?? []), { ...record, key }]);
  }
  return {
    current: (use, atMs) => {
      const keys = signing.get(use) ?? [];
      return (signingKeyAt(keys, atMs) ?? firstToSign(keys, atMs))?.key ?? null;
    },
    find: (kid) => (kid === null ? null : (verifying.get(kid) ?? null)),
    findForRenewal: (kid) => (kid === null ? null : (verifying.get(kid) ?? kept.get(kid) ?? null)),
  };
}

function openKey({ kid, alg, sealedPrivateJwk }: SigningKeyRecord, sealer: Sealer): SigningKey {
  return importSigningKey(JSON.parse(sealer.open(sealedPrivateJwk, privateKeyLabel(kid))), { alg, kid });
}
