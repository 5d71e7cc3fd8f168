/** The keys that sign access tokens: seen, made at start, and replaced by an operator of the installation. @module */
import { makeSigningKey, recordOf } from '../crypto/make-signing-key.ts';
import { refuse } from '../domain/problem.ts';
import {
  type KeyUse,
  type SigningAlgorithm,
  type SigningKeyRecord,
  verifiesAt,
} from '../domain/signing-key.ts';
import type { JsonObject } from '../domain/tenancy.ts';
import type { Page } from '../store/page.ts';
import { insertSigningKey } from '../store/signing-keys.ts';
import type { Caller, Core } from './core.ts';
import { requireOperator } from './manage-rights.ts';
import { replaceSigningKey } from './replace-signing-key.ts';

/** What of the core works on keys; a command beside the server has no more. */
export type KeyCore = Pick<Core, 'database' | 'clock' | 'sealer'>;

/** The keys of a use that still verify, be it for renewals alone, the newest first. */
export async function listSigningKeys(
  core: Pick<Core, 'database' | 'clock'>,
  { use }: Pick<KeyUse, 'use'>,
  { skip, limit }: { readonly skip: number; readonly limit: number },
): Promise<Page<SigningKeyRecord>> {
  const nowMs = core.clock();
  const { signingKeys } = await core.database.configuration();
  const isOfUse = (key: SigningKeyRecord): boolean => verifiesAt(key, nowMs) || key.keptUntilMs !== null;
  const keys = signingKeys.filter((key) => key.use === use && isOfUse(key));
  return { rows: keys.slice(skip, skip + limit), total: keys.length };
}

/** @throws {ProblemError} `not_found` */
export async function getSigningKey(
  core: Pick<Core, 'database' | 'clock'>,
  keyUse: Pick<KeyUse, 'use'>,
  kid: string,
): Promise<SigningKeyRecord> {
  const { rows } = await listSigningKeys(core, keyUse, { skip: 0, limit: Number.MAX_SAFE_INTEGER });
  const key = rows.find((candidate) => candidate.kid === kid);
  if (key === undefined) throw refuse('not_found', 'unknown_signing_key', 'There is no such key.');
  return key;
}

/** What others may verify tokens by: the public half of every key that has one, those that do not sign yet included. */
export async function publicKeys(core: Pick<Core, 'database' | 'clock'>): Promise<readonly JsonObject[]> {
  const nowMs = core.clock();
  const { signingKeys } = await core.database.configuration();
  return signingKeys.flatMap((key) =>
    key.publicJwk !== null && verifiesAt(key, nowMs) ? [key.publicJwk] : [],
  );
}

/**
 * Replaces the current key of a use as soon as whoever verifies by the published keys knows its successor.
 *
 * @param alg null: the algorithm in use is kept
 * @throws {ProblemError} `forbidden`; `invalid_value` for `alg`
 */
export async function rotateSigningKey(
  core: Core,
  caller: Caller,
  keyUse: KeyUse,
  alg: SigningAlgorithm | null,
): Promise<SigningKeyRecord> {
  requireOperator(caller);
  const by = { origin: caller.origin, actorId: caller.principal.userId };
  return await replaceSigningKey(core, by, keyUse, { alg, start: 'when-published' });
}

/** Makes the first key of each use that has none. */
export async function ensureSigningKeys(core: KeyCore, keyUses: readonly KeyUse[]): Promise<void> {
  await Promise.all(
    keyUses.map(async (keyUse) => {
      if ((await unretiredKeys(core, keyUse)).length > 0) return;
      const nowMs = core.clock();
      const key = await makeSigningKey(keyUse, keyUse.algorithms[0], nowMs);
      const times = { createdAtMs: nowMs, signsFromMs: nowMs };
      await core.database.write(
        insertSigningKey(core.database, recordOf(key, keyUse.use, core.sealer, times)),
      );
    }),
  );
}

/** Those that sign, or will: the newest first. */
export async function unretiredKeys(
  core: Pick<Core, 'database'>,
  { use }: Pick<KeyUse, 'use'>,
): Promise<readonly SigningKeyRecord[]> {
  const { signingKeys } = await core.database.configuration();
  return signingKeys.filter((key) => key.use === use && key.retiredAtMs === null);
}
