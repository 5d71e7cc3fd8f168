/**
 * Slows down who guesses: after ten failures within five minutes for one name, or from one address, the next attempt waits.
 *
 * Attempts that are under way count as failures until they are not, so that guesses sent at once are no more than guesses one by
 * one; who comes while the last places are taken waits for their outcome.
 * @module
 */
import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';

export interface ThrottleLimits {
  readonly failures: number;
  readonly windowMs: number;
  /** Names and addresses together: some 300 bytes each. Who came longest ago is forgotten first. */
  readonly maxEntries: number;
  /** Attempts that wait for others' outcome. */
  readonly maxWaiting: number;
}

const throttleLimits: ThrottleLimits = {
  failures: 10,
  windowMs: 5 * 60_000,
  maxEntries: 20_000,
  maxWaiting: 1_000,
};

export interface Attempt {
  /** Call exactly one of them, once. */
  failed(): void;
  succeeded(): void;
}

export type Admission =
  | { readonly kind: 'admitted'; readonly attempt: Attempt }
  | { readonly kind: 'slowed'; readonly retryAfterSeconds: number };

export interface Throttle {
  admit(userName: string, address: string | null): Promise<Admission>;
  readonly entries: number;
  readonly slowed: number;
}

interface Entry {
  /** When the last failures were, oldest first; never more than the limit. */
  failedAtMs: number[];
  underWay: number;
  wake: (() => void)[];
}

/** @param clock milliseconds; only differences count */
export function createThrottle(clock: () => number, limits: ThrottleLimits = throttleLimits): Throttle {
  const entries = new Map<string, Entry>();
  let waiting = 0;
  let slowed = 0;

  const entryOf = (key: string): Entry => {
    const entry = entries.get(key) ?? { failedAtMs: [], underWay: 0, wake: [] };
    entry.failedAtMs = entry.failedAtMs.filter((at) => clock() - at < limits.windowMs);
    // Taken out and put back: the map's order is that of last use.
    entries.delete(key);
    entries.set(key, entry);
    return entry;
  };
  /** Looks at a few only, so that a flood of names costs each attempt the same; then the bound counts more than the slowing. */
  const forgetOldest = (): void => {
    while (entries.size > limits.maxEntries) {
      const oldest = [...entries.entries().take(8)].filter(([, { underWay }]) => underWay === 0);
      const harmless = oldest.find(([, { failedAtMs }]) => failedAtMs.length < limits.failures);
      const gone = harmless ?? oldest[0];
      if (gone === undefined) return;
      entries.delete(gone[0]);
    }
  };
  const waitMs = ({ failedAtMs }: Entry): number =>
    failedAtMs.length < limits.failures ? 0 : (failedAtMs[0] ?? 0) + limits.windowMs - clock();
  const isFull = (entry: Entry): boolean => entry.failedAtMs.length + entry.underWay >= limits.failures;
  const refuse = (retryAfterMs: number): Admission => {
    slowed++;
    return { kind: 'slowed', retryAfterSeconds: Math.max(1, Math.ceil(retryAfterMs / 1000)) };
  };

  const begin = (keys: readonly string[]): Attempt => {
    const held = keys.map(entryOf);
    for (const entry of held) entry.underWay++;
    const end = (failedAtMs: number | null): void => {
      for (const entry of held) {
        entry.underWay--;
        if (failedAtMs !== null) entry.failedAtMs.push(failedAtMs);
        for (const wake of entry.wake.splice(0)) wake();
      }
      forgetOldest();
    };
    return { failed: () => end(clock()), succeeded: () => end(null) };
  };

  return {
    async admit(userName, address) {
      const keys = [
        `name:${fingerprint(userName)}`,
        ...(address === null ? [] : [`address:${network(address)}`]),
      ];
      for (;;) {
        const found = keys.map(entryOf);
        const longest = Math.max(...found.map(waitMs));
        if (longest > 0) return refuse(longest);
        const full = found.find(isFull);
        if (full === undefined) return { kind: 'admitted', attempt: begin(keys) };
        if (waiting >= limits.maxWaiting) return refuse(1_000);
        waiting++;
        await new Promise<void>((resolve) => full.wake.push(resolve));
        waiting--;
      }
    },
    get entries() {
      return entries.size;
    },
    get slowed() {
      return slowed;
    },
  };
}

/** However long a name is, and however it is written, it takes the same room. */
function fingerprint(userName: string): string {
  return createHash('sha256').update(userName.normalize('NFKC').toLowerCase()).digest('base64url');
}

/** Of IPv6 the first 64 bits: whoever has one such address has all of them. */
function network(address: string): string {
  const plain = address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = plain.includes('::') ? 8 - groups.length - (tail === '' ? 0 : tail.split(':').length) : 0;
  return [...groups, ...Array<string>(missing).fill('0'), ...tail.split(':')]
    .slice(0, 4)
    .map((group) => Number.parseInt(group || '0', 16).toString(16))
    .join(':');
}
