/** Lets one signing key follow another: made here, made elsewhere, or because the old one has to go at once. @module */
import { makeSigningKey, recordOf } from '../crypto/make-signing-key.ts';
import { type KeyFiles, readKeyFiles } from '../crypto/read-key-files.ts';
import { ProblemError, refuse } from '../domain/problem.ts';
import {
  type KeyUse,
  type SigningAlgorithm,
  type SigningKeyRecord,
  signingKeyAt,
} from '../domain/signing-key.ts';
import { DuplicateRow, type Write, WriteConflict } from '../store/database.ts';
import { bringForward, deleteSigningKey, insertSigningKey, retireSigningKey } from '../store/signing-keys.ts';
import { audit } from './audit.ts';
import type { Origin } from './core.ts';
import { invalidValue } from './manage-fields.ts';
import { getSigningKey, type KeyCore, unretiredKeys } from './signing-keys.ts';

/** Who changes keys, for the audit log; `actorId` null: whoever may read the master key's file. */
export interface KeyKeeper {
  readonly origin: Origin;
  readonly actorId: string | null;
}

/** `when-published`: after those who remember the published keys have seen it; `at-once`: with the next token of every node. */
export type KeyStart = 'at-once' | 'when-published';

/** Clocks of the servers of one installation may differ by this much. */
const clockSkewSeconds = 60;

/**
 * Replaces the current key of a use; older ones verify for as long as tokens that they signed are of use.
 *
 * @param alg null: the algorithm in use is kept
 * @throws {ProblemError} `invalid_value` for `alg`
 */
export async function replaceSigningKey(
  core: KeyCore,
  by: KeyKeeper,
  keyUse: KeyUse,
  { alg, start }: { readonly alg: SigningAlgorithm | null; readonly start: KeyStart },
): Promise<SigningKeyRecord> {
  if (alg !== null && !keyUse.algorithms.includes(alg))
    throw invalidValue('alg', `takes ${keyUse.algorithms.join(' or ')}.`);
  for (;;) {
    const nowMs = core.clock();
    const current = await unretiredKeys(core, keyUse);
    const key = await makeSigningKey(keyUse, alg ?? current[0]?.alg ?? keyUse.algorithms[0], nowMs);
    const made = recordOf(key, keyUse.use, core.sealer, {
      createdAtMs: nowMs,
      signsFromMs: startMs(keyUse, start, nowMs),
    });
    try {
      await core.database.write(succession(core, by, keyUse, current, made, 'signing_key_rotated'));
      return made;
    } catch (error) {
      // Another rotation was quicker: this one replaces its key.
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
}

/**
 * Takes over a key that was made elsewhere, as {@link replaceSigningKey} does with its own.
 *
 * @throws {ProblemError} `invalid_value` for `key` or `certificate`; `conflict` when the key is here already
 */
export async function importSigningKey(
  core: KeyCore,
  by: KeyKeeper,
  keyUse: KeyUse,
  files: KeyFiles,
  start: KeyStart,
): Promise<SigningKeyRecord> {
  const nowMs = core.clock();
  const key = readKeyFiles(files, keyUse.algorithms, nowMs);
  if (keyUse.certificate === 'always' && key.certificate === null)
    throw new ProblemError({
      kind: 'invalid_value',
      reason: 'certificate_missing',
      field: 'certificate',
      message: 'is missing: give it, with those of its issuers.',
    });
  const times = { createdAtMs: nowMs, signsFromMs: startMs(keyUse, start, nowMs) };
  const imported = recordOf(key, keyUse.use, core.sealer, times);
  const current = await unretiredKeys(core, keyUse);
  try {
    await core.database.write(succession(core, by, keyUse, current, imported, 'signing_key_imported'));
    return imported;
  } catch (error) {
    if (!(error instanceof DuplicateRow)) throw error;
    throw refuse('conflict', 'signing_key_exists', `This key is here already, as ${imported.kid}.`);
  }
}

/**
 * Removes a key that somebody else may know: no token it signed is accepted any more, on any node. If it was the one
 * that signs, its successor begins at once.
 *
 * @throws {ProblemError} `not_found`
 */
export async function removeSigningKey(
  core: KeyCore,
  by: KeyKeeper,
  keyUse: KeyUse,
  kid: string,
): Promise<void> {
  const removed = await getSigningKey(core, keyUse, kid);
  const nowMs = core.clock();
  const others = (await unretiredKeys(core, keyUse)).filter((key) => key.kid !== kid);
  const told = { actorId: by.actorId, target: kid, detail: { use: keyUse.use, alg: removed.alg } };
  await core.database.write([
    ...deleteSigningKey(core.database, kid),
    ...(await ensureSuccessor(core, keyUse, others, removed.alg, nowMs)),
    audit(core, by.origin, 'signing_key_removed', told),
  ]);
}

async function ensureSuccessor(
  core: KeyCore,
  keyUse: KeyUse,
  others: readonly SigningKeyRecord[],
  alg: SigningAlgorithm,
  nowMs: number,
): Promise<readonly Write[]> {
  if (signingKeyAt(others, nowMs) !== null) return [];
  const [waiting] = others;
  if (waiting !== undefined) return bringForward(core.database, waiting.kid, nowMs);
  const key = await makeSigningKey(keyUse, alg, nowMs);
  const times = { createdAtMs: nowMs, signsFromMs: nowMs };
  return insertSigningKey(core.database, recordOf(key, keyUse.use, core.sealer, times));
}

function startMs({ publishedAheadSeconds }: KeyUse, start: KeyStart, nowMs: number): number {
  return start === 'at-once' ? nowMs : nowMs + publishedAheadSeconds * 1000;
}

/** The writes by which one key follows others. */
function succession(
  core: KeyCore,
  { origin, actorId }: KeyKeeper,
  keyUse: KeyUse,
  predecessors: readonly SigningKeyRecord[],
  successor: SigningKeyRecord,
  action: 'signing_key_rotated' | 'signing_key_imported',
): Write[] {
  const retiredAtMs = successor.signsFromMs;
  const removedAtMs = retiredAtMs + (keyUse.tokenLifetimeSeconds + clockSkewSeconds) * 1000;
  const told = { actorId, target: successor.kid, detail: { use: successor.use, alg: successor.alg } };
  return [
    ...predecessors.flatMap(({ kid }) => retireSigningKey(core.database, kid, retiredAtMs, removedAtMs)),
    ...insertSigningKey(core.database, successor),
    audit(core, origin, action, told),
  ];
}
