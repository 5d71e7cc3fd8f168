/** Answers that wait for something to tell: how long, and until when nobody listens any more. @module */
import type { FastifyRequest } from 'fastify';
import { whole } from '../../http/strict-fields.ts';
import type { RevocationFollower } from '../../operations/follow-revocations.ts';

const longestSeconds = 30;
/** Beyond so many at once, nobody waits: they come again by themselves. */
const mostWaiting = 10_000;

export const waitField: ReturnType<typeof whole> = whole({
  minimum: 0,
  maximum: longestSeconds,
  description: 'How many seconds the answer may wait for something new; 0 if absent.',
});

/**
 * Looks until there is something to tell, or the time is up; gives the last look.
 *
 * @param recheckMs looks again after so long, whether the feed has changed or not
 */
export async function waitForNews<Look>(
  follower: RevocationFollower,
  request: FastifyRequest,
  waitSeconds: number,
  look: () => Promise<{ readonly look: Look; readonly news: 'some' | 'none' }>,
  recheckMs: number = longestSeconds * 1000,
): Promise<Look> {
  const endsAtMs = performance.now() + waitSeconds * 1000;
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  request.raw.once('close', leave);
  request.raw.socket.once('close', leave);
  try {
    for (;;) {
      const found = await look();
      const leftMs = endsAtMs - performance.now();
      const isOver = leftMs <= 0 || gone.signal.aborted || follower.waiting >= mostWaiting;
      if (found.news === 'some' || isOver || follower.isClosed) return found.look;
      await follower.change(Math.min(leftMs, recheckMs), gone.signal);
    }
  } finally {
    request.raw.off('close', leave);
    request.raw.socket.off('close', leave);
  }
}
