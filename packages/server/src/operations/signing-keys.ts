/** The keys that sign access tokens: seen, made and replaced. @module */
import { makeSigningKey } from '../crypto/key-ring.ts';
import type { SigningAlgorithm, SigningKeyRecord } from '../domain/signing-key.ts';
import { DuplicateRow, type Write, WriteConflict } from '../store/database.ts';
import type { Page } from '../store/page.ts';
import { insertSigningKey, retireSigningKey } from '../store/signing-keys.ts';
import { audit } from './audit.ts';
import type { Caller, Core } from './core.ts';
import { requireOperator } from './manage-rights.ts';

/** Which keys, and how long the longest-lived token that one of them signed stays good after it signs no more. */
export interface KeyUse {
  readonly use: string;
  readonly tokenLifetimeSeconds: number;
}

/** Clocks of the servers of one installation may differ by this much. */
const clockSkewSeconds = 60;

/** The keys of a use that still verify, the current one first. */
export async function listSigningKeys(
  core: Core,
  { use }: Pick<KeyUse, 'use'>,
  { skip, limit }: { readonly skip: number; readonly limit: number },
): Promise<Page<SigningKeyRecord>> {
  const nowMs = core.clock();
  const { signingKeys } = await core.database.configuration();
  const keys = signingKeys.filter(
    (key) => key.use === use && (key.removedAtMs ?? Number.POSITIVE_INFINITY) > nowMs,
  );
  return { rows: keys.slice(skip, skip + limit), total: keys.length };
}

/**
 * Replaces the current key of a use, at once on every node; older ones verify until the last token they signed has expired.
 *
 * @param alg null: the algorithm in use is kept
 * @throws {ProblemError} `forbidden`
 */
export async function rotateSigningKey(
  core: Core,
  caller: Caller,
  keyUse: KeyUse,
  alg: SigningAlgorithm | null,
): Promise<SigningKeyRecord> {
  requireOperator(caller);
  for (;;) {
    const { signingKeys } = await core.database.configuration();
    const current = signingKeys.filter((key) => key.use === keyUse.use && key.retiredAtMs === null);
    const made = makeSigningKey(keyUse.use, alg ?? current[0]?.alg ?? 'ES256', core.sealer, core.clock());
    const told = {
      actorId: caller.principal.userId,
      target: made.kid,
      detail: { use: made.use, alg: made.alg },
    };
    try {
      await core.database.write([
        ...current.flatMap((key) => retire(core, key, keyUse)),
        ...insertSigningKey(core.database, made),
        audit(core, caller.origin, 'signing_key_rotated', told),
      ]);
      return made;
    } catch (error) {
      // Another rotation was quicker: this one replaces its key.
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
}

/** Makes the first key of each use that has none. */
export async function ensureSigningKeys(
  core: Core,
  uses: readonly { readonly use: string; readonly alg: SigningAlgorithm }[],
): Promise<void> {
  const { signingKeys } = await core.database.configuration();
  for (const { use, alg } of uses) {
    if (signingKeys.some((key) => key.use === use && key.retiredAtMs === null)) continue;
    try {
      await core.database.write(
        insertSigningKey(core.database, makeSigningKey(use, alg, core.sealer, core.clock())),
      );
    } catch (error) {
      if (!(error instanceof DuplicateRow)) throw error;
    }
  }
}

function retire(core: Core, key: SigningKeyRecord, { tokenLifetimeSeconds }: KeyUse): Write[] {
  const nowMs = core.clock();
  return retireSigningKey(
    core.database,
    key.kid,
    nowMs,
    nowMs + (tokenLifetimeSeconds + clockSkewSeconds) * 1000,
  );
}
