/** Follows a server's feed of revocations, by a request that waits for something to tell. @module */
import type { Log } from '../guard/log.ts';
import type { CallServer } from './call-server.ts';
import { type Following, follow, waitFor } from './follow.ts';
import {
  type RevocableToken,
  type RevocationPage,
  RevocationState,
  readRevocationPage,
} from './revocation-state.ts';

export interface RevocationFeed extends Pick<Following, 'start' | 'close' | 'first' | 'ageMs'> {
  isRevoked(token: RevocableToken, nowMs: number): boolean;
  metrics(): Readonly<Record<string, number>>;
}

export interface RevocationFeedOptions {
  readonly call: CallServer;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** The keys by which tokens are verified may have changed. */
  readonly onKeysChanged: () => void;
  readonly maxStaleSeconds: number;
}

/** A dead connection is noticed after this and {@link answerMs}: within the 15 seconds in which a revocation is to be applied. */
const longestWaitSeconds = 8;
const answerMs = 5_000;
/** Whoever answers at once, again and again, is asked no faster than this. */
const leastPauseMs = 100;

export function revocationFeed(options: RevocationFeedOptions): RevocationFeed {
  const { call, log, clock, onKeysChanged, maxStaleSeconds } = options;
  const waitSeconds = waitFor(longestWaitSeconds, maxStaleSeconds);
  const state = new RevocationState();
  let cursor: string | null = null;
  let resets = 0;

  const askFrom = async (at: string | null, signal: AbortSignal): Promise<RevocationPage | null> => {
    const query = at === null ? '' : `?cursor=${encodeURIComponent(at)}&wait=${waitSeconds}`;
    const headers: Record<string, string> = at === null ? {} : { 'if-none-match': `"${at}"` };
    const timeoutMs = waitSeconds * 1000 + answerMs;
    const path = `guard/v1/revocations${query}`;
    const { body } = await call({ method: 'GET', path, headers, timeoutMs, signal });
    return body === null ? null : readRevocationPage(body);
  };
  const takeIn = (page: RevocationPage): void => {
    state.apply(page, clock());
    cursor = page.cursor;
    if (page.anew) resets += 1;
    if (page.anew || page.revocations.some(({ kind }) => kind === 'keys_changed')) onKeysChanged();
  };
  const ask = async (signal: AbortSignal): Promise<'continue' | { pauseMs: number }> => {
    const askedAtMs = performance.now();
    const pages: RevocationPage[] = [];
    for (let at = cursor; ; ) {
      const page = await askFrom(at, signal);
      if (page !== null) pages.push(page);
      if (page === null || !page.more) break;
      at = page.cursor;
    }
    // All at once: of half of what counts nobody must judge.
    for (const page of pages) takeIn(page);
    const isQuick = performance.now() - askedAtMs < leastPauseMs;
    return isQuick ? { pauseMs: leastPauseMs } : 'continue';
  };
  const following = follow({ what: 'feed of revocations', ask, log });

  return {
    start: following.start,
    close: following.close,
    first: following.first,
    ageMs: following.ageMs,
    isRevoked: (token, nowMs) => state.isRevoked(token, nowMs),
    metrics() {
      const { sessions, generations, users } = state.sizes;
      const ageMs = following.ageMs();
      return {
        feedAgeSeconds: Number.isFinite(ageMs) ? ageMs / 1000 : -1,
        feedAnswers: following.counts.answers,
        feedFailures: following.counts.failures,
        feedResets: resets,
        revokedSessions: sessions,
        replacedGenerations: generations,
        suspendedUsers: users,
      };
    },
  };
}
