/** Lets signing keys go when no token that they signed is of use any more. @module */
import type { KeyUse, SigningKeyRecord } from '../domain/signing-key.ts';
import { isAnySessionOpen } from '../store/sessions.ts';
import { deleteSigningKeys, postponeRemoval } from '../store/signing-keys.ts';
import type { Core } from './core.ts';

const day = 86_400_000;

/** Looked at a day before they would go, and then once a day. */
export async function sweepSigningKeys(core: Core, keyUses: readonly KeyUse[]): Promise<void> {
  const { database } = core;
  const nowMs = core.clock();
  const { signingKeys } = await database.configuration();
  for (const key of signingKeys.filter(
    ({ removedAtMs }) => removedAtMs !== null && removedAtMs < nowMs + day,
  )) {
    const faces = keyUses.find(({ use }) => use === key.use)?.facesWithoutExpiry ?? [];
    if (await hasTokensWithoutExpiry(core, key, faces))
      await database.write(postponeRemoval(database, key.kid, nowMs + 2 * day));
  }
  const { signingKeys: left } = await database.configuration();
  if (left.some(({ removedAtMs }) => removedAtMs !== null && removedAtMs < nowMs))
    await database.write(deleteSigningKeys(database, nowMs));
}

async function hasTokensWithoutExpiry(
  { database }: Core,
  { retiredAtMs }: SigningKeyRecord,
  faces: readonly string[],
): Promise<boolean> {
  if (faces.length === 0 || retiredAtMs === null) return false;
  return await isAnySessionOpen(database, { faces, createdBeforeMs: retiredAtMs });
}
