/** Renews a pair that many processes, and perhaps several machines, share, so that no pair is spent and lost. @module */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Secret } from '@tessera/token';
import type { Connection } from '../tessera/connection.ts';
import { RefusedError, UnreachableError } from '../tessera/errors.ts';
import type { Vaults } from '../vaults/create-vaults.ts';
import { VaultError } from '../vaults/vault-error.ts';
import { NotAuthenticatedError } from './errors.ts';
import { formatRecord, type PairRecord } from './pair-record.ts';
import { type RenewedPair, renewAt, type TokensToRenew } from './renew-pair.ts';
import { withSecretLock } from './secret-lock.ts';
import { type PairPlace, readPair } from './stored-pair.ts';

/** Less than the server's grace, in which the same pair gives the same successor. */
const repeatForMs = 25_000;
const attemptMs = 8_000;
const pausesMs = [0, 100, 400, 1000, 2000];
const storePausesMs = [0, 100, 500];

export interface Renewal {
  readonly vaults: Vaults;
  readonly place: PairPlace;
  readonly connection: Connection;
}

/**
 * Of many who come with the same access token, one renews and the others take what it has stored.
 *
 * @param failed the access token that was refused, or is about to end
 * @returns what is stored now, by whomever
 * @throws {NotAuthenticatedError} the server refuses the pair
 * @throws {VaultError} it cannot be stored; nothing was sent unless the message says so
 */
export async function renewStoredPair(renewal: Renewal, failed: Secret): Promise<PairRecord> {
  const { vaults, place } = renewal;
  return withSecretLock(vaults, place, async () => {
    const stored = await readPair(place);
    if (isUsable(stored, failed, vaults.nowMs())) return stored;
    await requireWritable(place);
    const renewed = await renewRepeatedly(renewal, stored);
    return 'superseded' in renewed ? renewed.superseded : store(renewal, stored, renewed);
  });
}

function isUsable({ accessToken, accessExpiresAtMs }: PairRecord, failed: Secret, nowMs: number): boolean {
  return !accessToken.equals(failed) && (accessExpiresAtMs === null || accessExpiresAtMs > nowMs);
}

/** Before the pair is spent. */
async function requireWritable({ vault, secret }: PairPlace): Promise<void> {
  if (!vault.writable)
    throw new VaultError(
      'read_only',
      `the access token of "${secret}" is expired, and it is not renewed from the vault "${vault.name}", which could not keep the new pair; register it in another one`,
    );
  await vault.prepareWrite?.(secret);
}

/** Somebody on another machine was faster, and has stored it already. */
interface Superseded {
  readonly superseded: PairRecord;
}

async function renewRepeatedly(renewal: Renewal, stored: PairRecord): Promise<RenewedPair | Superseded> {
  const { connection, vaults, place } = renewal;
  const untilMs = vaults.nowMs() + repeatForMs;
  const attempt = { ...connection, timeoutMs: Math.min(connection.timeoutMs, attemptMs) };
  for (const pauseMs of pausesMs) {
    await sleep(pauseMs);
    try {
      return await renewAt(attempt, stored);
    } catch (error) {
      if (error instanceof RefusedError && error.status === 401) return successorOrRefusal(place, stored);
      const isLast = pauseMs === pausesMs.at(-1) || vaults.nowMs() > untilMs;
      if (isLast || !isPassing(error)) throw error;
    }
  }
  throw new Error('there is a last attempt');
}

/** What may have reached the server, or will: asked again, it gives the same pair. */
function isPassing(error: unknown): boolean {
  if (error instanceof UnreachableError) return error.fault !== 'certificate';
  return error instanceof RefusedError && [502, 503, 504].includes(error.status);
}

async function successorOrRefusal(place: PairPlace, stored: TokensToRenew): Promise<Superseded> {
  const now = await readPair(place);
  if (!now.refreshToken.equals(stored.refreshToken)) return { superseded: now };
  throw new NotAuthenticatedError(
    `${place.fqdn} refuses the pair "${place.secret}": it is expired, revoked, or was used elsewhere; generate a new API token and register it: tessera register ${place.fqdn}`,
  );
}

async function store(renewal: Renewal, spent: PairRecord, renewed: RenewedPair): Promise<PairRecord> {
  const { vaults, place } = renewal;
  const nowMs = vaults.nowMs();
  // By this machine's clock and a length, so that a clock that is wrong is wrong on both sides.
  const endAfter = (seconds: number | null): number | null =>
    seconds === null ? null : nowMs + seconds * 1000;
  const record: PairRecord = {
    fqdn: spent.fqdn,
    identifier: spent.identifier,
    accessToken: renewed.accessToken,
    refreshToken: renewed.refreshToken,
    accessExpiresAtMs: endAfter(renewed.accessSeconds),
    refreshExpiresAtMs: endAfter(renewed.refreshSeconds),
    storedAtMs: nowMs,
  };
  let reason = '';
  for (const pauseMs of storePausesMs) {
    await sleep(pauseMs);
    try {
      await place.vault.set(place.secret, formatRecord(record));
      return record;
    } catch (error) {
      reason = error instanceof VaultError ? error.message : 'the vault failed';
      if (!(error instanceof VaultError) || error.code !== 'exists') continue;
      // Another machine has stored the same generation: which of the two stays does not matter.
      const winner = await readPair(place);
      if (!winner.accessToken.equals(spent.accessToken)) return winner;
    }
  }
  throw new VaultError(
    'unavailable',
    `the pair "${place.secret}" was renewed and could not be stored (${reason}); put that right and run this again within a day, and the same new pair is given again; after that, generate a new API token and register again`,
  );
}
