/** Whether a good token still counts, by what the server's feed has told. @module */
import type { Accepted, Revoked, Unavailable, Verdict } from '../methods/method.ts';
import type { RevocationFeed } from './revocation-feed.ts';
import type { ServerToken } from './server-token.ts';

export interface FeedRules {
  readonly feed: RevocationFeed;
  readonly staleMs: number;
  readonly whenStale: 'refuse' | 'accept';
}

const revoked: Revoked = Object.freeze({ kind: 'revoked' });
const unavailable: Unavailable = Object.freeze({ kind: 'unavailable', retryAfterSeconds: 15 });

/** Before the first answer of the feed nothing is known: then the first attempt is waited for. */
export function judgeByFeed(
  rules: FeedRules,
  token: ServerToken,
  nowMs: number,
  accepted: Accepted,
): Verdict | Promise<Verdict> {
  const { feed } = rules;
  const judge = (): Verdict => {
    if (feed.isRevoked(token, nowMs)) return revoked;
    if (!mayBelieve(rules)) return unavailable;
    const { remembered } = accepted;
    if (remembered === null) return accepted;
    const stands = (atMs: number): boolean =>
      remembered.stands(atMs) && mayBelieve(rules) && !feed.isRevoked(token, atMs);
    return { ...accepted, remembered: { stands } };
  };
  return Number.isFinite(feed.ageMs()) ? judge() : feed.first().then(judge);
}

function mayBelieve({ feed, staleMs, whenStale }: FeedRules): boolean {
  return whenStale === 'accept' || feed.ageMs() <= staleMs;
}
