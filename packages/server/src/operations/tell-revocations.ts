/** What a guard is told of the feed of revocations, from where it stands. @module */
import type { PlacedRevocation, Revocation } from '../domain/revocation.ts';
import { configured } from './configured.ts';
import type { Core } from './core.ts';
import type { FeedPlace, RevocationFollower } from './follow-revocations.ts';

/** Most revocations of one answer: some 300 kB. */
const mostTold = 2_000;

/** A revocation for outside. */
export type ToldRevocation = Exclude<Revocation, { kind: 'application_changed' }> & {
  /** From when on it may be forgotten. */
  readonly untilMs: number;
};

export interface ToldPage {
  /** Where the guard stands now; says nothing to anybody else. */
  readonly cursor: string;
  /** `anew`: what the guard knew before counts for nothing, this is the beginning of all that counts. */
  readonly start: 'anew' | 'further';
  readonly more: 'some' | 'none';
  readonly issuedBeforeMs: number | null;
  readonly revocations: readonly ToldRevocation[];
}

/** How long a page is given again to whoever stands at the same place: nearly all guards do. */
const rememberedMs = 1_000;

export type RevocationTeller = (cursor: string | null) => Promise<ToldPage>;

/** {@link tellRevocations} for many guards: who stands where another stood is given the same page. */
export function revocationTeller(core: Core, follower: RevocationFollower): RevocationTeller {
  const pages = new Map<string | null, ToldPage>();
  let [of, madeAtMs] = ['', Number.NEGATIVE_INFINITY];
  return async (cursor) => {
    const { epoch, position } = await follower.head();
    const nowMs = performance.now();
    if (of !== `${epoch} ${position}` || nowMs - madeAtMs > rememberedMs) {
      pages.clear();
      [of, madeAtMs] = [`${epoch} ${position}`, nowMs];
    }
    const known = pages.get(cursor);
    if (known !== undefined) return known;
    const page = await tellRevocations(core, follower, cursor);
    if (pages.size < mostPages) pages.set(cursor, page);
    return page;
  };
}

const mostPages = 100;

/**
 * The next page after a cursor. What no token is left for is left out, so that all of it is no longer than what counts.
 *
 * @param cursor of an earlier page; null, or one that is not of this feed: the beginning
 * @throws {DatabaseUnavailable}
 */
async function tellRevocations(
  core: Core,
  follower: RevocationFollower,
  cursor: string | null,
): Promise<ToldPage> {
  const known = cursor === null ? null : readCursor(cursor);
  const head = await follower.head(known);
  const isFurther = known !== null && known.epoch === head.epoch && known.position <= head.position;
  const from = isFurther ? known.position : 0;
  const placed = await follower.after(from, mostTold);
  const last = placed.length < mostTold ? head.position : (placed.at(-1)?.position ?? from);
  const policy = configured(core, await configurationOf(core)).policy;
  return {
    cursor: `${head.epoch}~${Math.max(from, last)}`,
    start: isFurther ? 'further' : 'anew',
    more: placed.length < mostTold ? 'none' : 'some',
    issuedBeforeMs: head.issuedBeforeMs,
    revocations: placed.flatMap((one) => told(one, policy.renewalGraceSeconds, core.clock())),
  };
}

/** Only the grace is taken from it, which one more question would not make truer. */
async function configurationOf({ database }: Core) {
  return database.rememberedConfiguration() ?? (await database.configuration());
}

function told(
  { revocation, untilMs }: PlacedRevocation,
  graceSeconds: number,
  nowMs: number,
): ToldRevocation[] {
  if (untilMs <= nowMs || revocation.kind === 'application_changed') return [];
  // The grace of a renewal counts from the renewal.
  if (revocation.kind === 'generation_replaced')
    return [{ ...revocation, fromMs: revocation.fromMs + graceSeconds * 1000, untilMs }];
  return [{ ...revocation, untilMs }];
}

function readCursor(text: string): FeedPlace | null {
  const match = /^([0-9a-f-]{36})~(\d{1,15})$/.exec(text);
  return match === null ? null : { epoch: match[1] ?? '', position: Number(match[2]) };
}
