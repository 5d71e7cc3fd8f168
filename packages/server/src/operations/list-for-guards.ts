/**
 * The tokens of an application as its guards need them: those to refuse, or those to take.
 *
 * One list serves all guards of an application. It is made anew when the feed says that the application or a user has
 * changed, and every few seconds for what changes by itself: an account that expires, a key whose time is over.
 * @module
 */
import { hash } from 'node:crypto';
import { type Application, grantedTokenState, guardSkewMs } from '../domain/application.ts';
import type { PlacedRevocation } from '../domain/revocation.ts';
import { deniedKeysOf } from '../store/denied-tokens.ts';
import { grantedTokensOf } from '../store/granted-tokens.ts';
import type { Core } from './core.ts';
import type { RevocationFollower } from './follow-revocations.ts';

/** `denied`: guards refuse these. `known`: guards take these and no others. */
export type ListKind = 'denied' | 'known';

export interface GuardList {
  /** JSON. */
  readonly text: string;
  /** The same for the same list. */
  readonly tag: string;
}

export type GuardLists = (application: Application, kind: ListKind) => Promise<GuardList>;

/** How old a list may be, that nothing has changed. */
export const listAgeMs = 5_000;

const mostKept = 200;

interface Kept extends GuardList {
  readonly madeAtMs: number;
}

/** The returned function throws {@link DatabaseUnavailable} where it cannot be known whether the list is still true. */
export function guardLists(core: Core, follower: RevocationFollower): GuardLists {
  const kept = new Map<string, Kept>();
  const flights = new Map<string, Promise<Kept>>();
  follower.subscribe((placed) => {
    if (placed === null || placed.some(isOfUsers)) kept.clear();
    for (const { revocation } of placed ?? []) {
      if (revocation.kind !== 'application_changed') continue;
      for (const kind of ['denied', 'known']) kept.delete(`${revocation.application} ${kind}`);
    }
  });
  const make = async (application: Application, kind: ListKind, name: string): Promise<Kept> => {
    const madeAtMs = performance.now();
    const before = await follower.head();
    const text = await listText(core, application, kind);
    const list = { text, tag: `"${hash('sha256', text, 'base64url')}"`, madeAtMs };
    const after = await follower.head();
    // Otherwise it may be from before a change that the feed has told of meanwhile.
    if (before.position === after.position && before.epoch === after.epoch) kept.set(name, list);
    return list;
  };
  return async (application, kind) => {
    await follower.head();
    const name = `${application.id} ${kind}`;
    const known = kept.get(name);
    if (known !== undefined && performance.now() - known.madeAtMs < listAgeMs) return known;
    if (kept.size >= mostKept) kept.clear();
    const flight = flights.get(name) ?? make(application, kind, name).finally(() => flights.delete(name));
    flights.set(name, flight);
    return await flight;
  };
}

function isOfUsers({ revocation: { kind } }: PlacedRevocation): boolean {
  return kind === 'user_suspended' || kind === 'user_restored';
}

async function listText(core: Core, { id, name }: Application, kind: ListKind): Promise<string> {
  const nowMs = core.clock();
  const endsAfterMs = nowMs - guardSkewMs;
  const [granted, denied] = await Promise.all([
    grantedTokensOf(core.database, id, { endsAfterMs, nowMs }),
    deniedKeysOf(core.database, id, endsAfterMs),
  ]);
  const isTaken = (owned: (typeof granted)[number]): boolean => {
    const state = grantedTokenState(owned.token, owned.owner, nowMs);
    // When it is too old is for the guard to say, by its own clock and tolerance.
    return state === 'live' || (state === 'expired' && owned.owner === 'stands');
  };
  const list = new Set(kind === 'denied' ? denied : []);
  const refused = new Set(denied);
  for (const owned of granted) {
    const { key } = owned.token;
    if (kind === 'denied' ? !isTaken(owned) : isTaken(owned) && !refused.has(key)) list.add(key);
  }
  return JSON.stringify({ application: name, id, [kind]: [...list].sort() });
}
