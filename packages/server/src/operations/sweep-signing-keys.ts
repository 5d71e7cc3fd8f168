/** Lets signing keys go when no token that they signed is of use any more. @module */
import type { KeyUse, SigningKeyRecord } from '../domain/signing-key.ts';
import { isAnySessionOpen, type OpenSessions } from '../store/sessions.ts';
import { deleteSigningKeys, keepForRenewals, postponeRemoval } from '../store/signing-keys.ts';
import type { Core } from './core.ts';

const day = 86_400_000;

/** Looked at a day before they would go, and then once a day. */
export async function sweepSigningKeys(core: Core, keyUses: readonly KeyUse[]): Promise<void> {
  const { database } = core;
  const nowMs = core.clock();
  const { signingKeys } = await database.configuration();
  for (const key of signingKeys) {
    const use = keyUses.find(({ use: name }) => name === key.use);
    if (use === undefined || key.removedAtMs === null) continue;
    if (key.removedAtMs < nowMs) await keepIfRenewing(core, key, use, nowMs);
    else if (key.removedAtMs < nowMs + day && (await isOpen(core, key, use.facesWithoutExpiry, 'created')))
      await database.write(postponeRemoval(database, key.kid, nowMs + 2 * day));
  }
  const { signingKeys: left } = await database.configuration();
  const isDoomed = ({ removedAtMs, keptUntilMs }: SigningKeyRecord): boolean =>
    removedAtMs !== null && removedAtMs < nowMs && (keptUntilMs ?? 0) < nowMs;
  if (left.some(isDoomed)) await database.write(deleteSigningKeys(database, nowMs));
}

/** Verifies no more; whoever was idle since it signed may still show its tokens to renew them. */
async function keepIfRenewing(
  core: Core,
  key: SigningKeyRecord,
  { facesRenewedByToken }: KeyUse,
  nowMs: number,
): Promise<void> {
  if ((key.keptUntilMs ?? 0) >= nowMs || key.publicJwk === null) return;
  if (!(await isOpen(core, key, facesRenewedByToken, 'issued'))) return;
  await core.database.write(keepForRenewals(core.database, key.kid, nowMs + day));
}

async function isOpen(
  { database }: Core,
  { retiredAtMs }: SigningKeyRecord,
  faces: readonly string[],
  since: OpenSessions['since'],
): Promise<boolean> {
  if (faces.length === 0 || retiredAtMs === null) return false;
  return await isAnySessionOpen(database, { faces, since, beforeMs: retiredAtMs });
}
