/** Remembers for a short while which tenant is in which domain, so that not every request asks the token service. @module */
import type { ContextLookups } from './request-context.ts';

type Lookup = ContextLookups['tenantMembership'];

export interface RememberOptions {
  /** Milliseconds of a clock that never goes back: `() => performance.now()`. */
  readonly clock: () => number;
  /** Default and greatest: 60,000. */
  readonly maxAgeMs?: number;
  /** The oldest goes first; default 10,000. */
  readonly maxEntries?: number;
}

/** A tenant that was moved or disabled is noticed after this time at the latest. */
const longestMs = 60_000;

interface Entry {
  readonly answer: ReturnType<Lookup>;
  readonly askedAtMs: number;
}

/**
 * The same look-up with a memory. Who asks while somebody else does waits for that answer; `unknown` and failures are
 * forgotten at once.
 *
 * @throws {RangeError} an age above 60 s
 */
export function rememberMembership(lookup: Lookup, options: RememberOptions): Lookup {
  const { clock, maxAgeMs = longestMs, maxEntries = 10_000 } = options;
  if (!(maxAgeMs >= 0 && maxAgeMs <= longestMs)) throw new RangeError('maxAgeMs is at most 60000');
  const entries = new Map<string, Entry>();
  return async (tenantId, domain) => {
    const key = JSON.stringify([tenantId, domain]);
    const known = entries.get(key);
    if (known !== undefined && clock() - known.askedAtMs < maxAgeMs) return known.answer;
    // From before the question: the answer may be as old as that.
    const entry = { askedAtMs: clock(), answer: ask(lookup, tenantId, domain) };
    entries.delete(key);
    entries.set(key, entry);
    const oldest = entries.size > maxEntries ? entries.keys().next().value : undefined;
    if (oldest !== undefined) entries.delete(oldest);
    let isKnown = false;
    try {
      const answer = await entry.answer;
      isKnown = answer !== 'unknown';
      return answer;
    } finally {
      if (!isKnown && entries.get(key) === entry) entries.delete(key);
    }
  };
}

/** What a look-up throws at once is a rejection as well. */
const ask = async (lookup: Lookup, tenantId: string, domain: string) => lookup(tenantId, domain);
