/** What an environment proves itself with. @module */
import { Secret } from '@tessera/token';
import { InputError } from '../input-error.ts';
import { lifetimeOf, type PairRecord } from './pair-record.ts';
import { type Renewal, renewStoredPair } from './renew-stored-pair.ts';

export interface Credential {
  /** A header's value, renewed before if its time is nearly over. */
  current(): Promise<Secret>;
  /**
   * After `refused` was answered with 401.
   *
   * @returns null: there is no other
   */
  next(refused: Secret): Promise<Secret | null>;
}

/** Renewed beforehand when less is left; of a token that lives for a minute or two, half its life. */
const marginMs = 60_000;

function marginFor(accessToken: Secret): number {
  return Math.min(marginMs, (lifetimeOf(accessToken) ?? Number.POSITIVE_INFINITY) / 2);
}

export interface PairCredential extends Credential {
  renew(): Promise<void>;
}

export function pairCredential(renewal: Renewal, found: PairRecord): PairCredential {
  const { vaults, place } = renewal;
  let record = found;
  // Calls of one process that fail together renew once.
  let underway: Promise<PairRecord> | null = null;
  const renew = async (failed: Secret): Promise<void> => {
    if (!record.accessToken.equals(failed)) return;
    underway ??= renewStoredPair(renewal, failed).finally(() => {
      underway = null;
    });
    record = await underway;
  };
  const header = (): Secret => new Secret(`Bearer ${record.accessToken.reveal()}`);
  return {
    renew: () => renew(record.accessToken),
    current: async () => {
      const { accessToken, accessExpiresAtMs } = record;
      const isEnding =
        accessExpiresAtMs !== null && accessExpiresAtMs - vaults.nowMs() < marginFor(accessToken);
      // From a vault that takes no values the token serves to its end, whatever this machine's clock says.
      if (isEnding && place.vault.writable) await renew(accessToken);
      return header();
    },
    next: async (refused) => {
      const refusedHeader = header();
      if (!refusedHeader.equals(refused)) return refusedHeader;
      await renew(record.accessToken);
      return header();
    },
  };
}

/** @throws {InputError} a user name with a colon, which ends it (RFC 7617 §2) */
export function basicCredential(userName: string, password: Secret): Credential {
  if (userName === '' || /[:\p{Cc}]/u.test(userName)) throw new InputError('a user name has no colon in it');
  const header = new Secret(`Basic ${Buffer.from(`${userName}:${password.reveal()}`).toString('base64')}`);
  return { current: async () => header, next: async () => null };
}
