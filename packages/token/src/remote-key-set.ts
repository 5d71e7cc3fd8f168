/** The published keys of another issuer (RFC 7517 §5), kept fresh without letting strangers cause requests. @module */
import { KeyError, TokenError } from './errors.ts';
import { fetchText, RemoteKeysError } from './fetch-jwks.ts';
import type { VerificationKey } from './key.ts';
import { type JwksImportOptions, type KeySet, keySet, readJwks } from './key-set.ts';

export interface RemoteKeySetOptions extends JwksImportOptions {
  /** `https:`, or `http:` on this machine; never taken from a token. */
  readonly url: string | URL;
  /** Milliseconds; only differences count, so a monotonic clock such as `performance.now` serves best. */
  readonly clock: () => number;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** For one request, body included. Default 5,000. */
  readonly timeoutMs?: number;
  /** Of one answer. Default 262,144. */
  readonly maxBytes?: number;
  /** Least time between two requests, whoever asks. Default 30,000. */
  readonly cooldownMs?: number;
  /** Keys older than this are fetched anew in the background. Default 600,000 (ten minutes). */
  readonly maxAgeMs?: number;
  /** Keys older than this verify nothing any more, whatever the key server does. Default 3,600,000 (an hour). */
  readonly maxStaleMs?: number;
}

export interface RemoteKeySet extends KeySet {
  /**
   * Fetches the keys, at most once per cool-down and in one flight for all who ask. Comes back quietly when there are keys that may
   * still be used, fresh or not; {@link verifyWithRemoteKeys} calls it when a key is missing.
   *
   * @throws {RemoteKeysError} when there are no keys to use
   */
  load(): Promise<void>;
  readonly state: RemoteKeysState;
}

/** For metrics. */
export interface RemoteKeysState {
  /** How many keys may be used now: 0 before the first load, and once they are too old. */
  readonly keys: number;
  /** Since they were fetched; null: they never were. */
  readonly ageMs: number | null;
  /** `none`: never fetched. `fresh`; `ageing`: due to be renewed, still used. `expired`: too old to verify anything. */
  readonly freshness: 'none' | 'fresh' | 'ageing' | 'expired';
  readonly fetches: number;
  readonly failures: number;
}

interface Snapshot {
  readonly keys: readonly VerificationKey[];
  readonly set: KeySet;
  readonly fetchedAtMs: number;
}

interface Attempt {
  readonly startedAtMs: number;
  readonly done: Promise<void>;
  failure: RemoteKeysError | null;
  running: boolean;
}

/**
 * Makes no request until a key is asked for.
 *
 * @throws {TypeError} for a URL that is neither `https:` nor on this machine, or that holds credentials
 */
export function createRemoteKeySet(options: RemoteKeySetOptions): RemoteKeySet {
  const url = checkedUrl(options.url);
  const { clock, cooldownMs = 30_000, maxAgeMs = 600_000, maxStaleMs = 3_600_000 } = options;
  const limits = {
    fetch: options.fetch ?? globalThis.fetch,
    timeoutMs: options.timeoutMs ?? 5_000,
    maxBytes: options.maxBytes ?? 262_144,
  };
  let snapshot: Snapshot | null = null;
  let attempt: Attempt | null = null;
  let fetches = 0;
  let failures = 0;

  const usable = (): Snapshot | null =>
    snapshot !== null && clock() - snapshot.fetchedAtMs < maxStaleMs ? snapshot : null;
  const mayAsk = (): boolean =>
    attempt === null || (!attempt.running && Math.abs(clock() - attempt.startedAtMs) >= cooldownMs);

  const freshnessOf = (ageMs: number | null): RemoteKeysState['freshness'] => {
    if (ageMs === null) return 'none';
    if (ageMs >= maxStaleMs) return 'expired';
    return ageMs >= maxAgeMs ? 'ageing' : 'fresh';
  };

  const fetchKeys = async (startedAtMs: number): Promise<void> => {
    const keys = keepKnown(snapshot, readKeys(await fetchText(url, limits), options));
    snapshot = { keys, set: keySet(keys), fetchedAtMs: startedAtMs };
  };
  const ask = (): Attempt => {
    const startedAtMs = clock();
    fetches++;
    const done = fetchKeys(startedAtMs).then(
      () => finish(null),
      (error: unknown) => finish(asFailure(error)),
    );
    const current: Attempt = { startedAtMs, done, failure: null, running: true };
    const finish = (failure: RemoteKeysError | null): void => {
      current.failure = failure;
      if (failure !== null) failures++;
      current.running = false;
    };
    attempt = current;
    return current;
  };

  return {
    find(kid, alg) {
      const current = usable();
      if (current === null) return null;
      if (clock() - current.fetchedAtMs >= maxAgeMs && mayAsk()) ask();
      return current.set.find(kid, alg);
    },
    async load() {
      const last = attempt === null || mayAsk() ? ask() : attempt;
      await last.done;
      if (usable() === null) throw last.failure ?? new RemoteKeysError('unreachable');
    },
    get state() {
      const ageMs = snapshot === null ? null : clock() - snapshot.fetchedAtMs;
      const keys = usable()?.keys.length ?? 0;
      return { keys, ageMs, freshness: freshnessOf(ageMs), fetches, failures };
    },
  };
}

/**
 * Verifies with the keys at hand; where the key is unknown, asks for fresh keys once and verifies again.
 *
 * @param verify for instance `() => verifier.verify(token, nowSeconds)`, over the same key set
 * @throws {RemoteKeysError} when there are no keys to use; and whatever `verify` throws
 */
export async function verifyWithRemoteKeys<T>(keys: RemoteKeySet, verify: () => T): Promise<T> {
  try {
    return verify();
  } catch (error) {
    if (!(error instanceof TokenError) || error.reason !== 'unknown_key') throw error;
  }
  await keys.load();
  return verify();
}

function checkedUrl(text: string | URL): URL {
  const url = new URL(text);
  const isLocal = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)) {
    throw new TypeError('keys are fetched over https, or over http from this machine');
  }
  if (url.username !== '' || url.password !== '') throw new TypeError('the URL of keys holds no credentials');
  return url;
}

function readKeys(text: string, options: JwksImportOptions): readonly VerificationKey[] {
  const keys = readJwks(text, options);
  if (keys.some((key) => key.keyObject.type === 'secret')) {
    throw new KeyError('not_public', 'a published secret is none');
  }
  return keys;
}

/** Keys that were known before stay the same objects, so that what was verified with them stays remembered. */
function keepKnown(before: Snapshot | null, keys: readonly VerificationKey[]): readonly VerificationKey[] {
  const isSame = (one: VerificationKey, other: VerificationKey): boolean =>
    one.kid === other.kid && one.alg === other.alg && one.keyObject.equals(other.keyObject);
  return keys.map((key) => before?.keys.find((known) => isSame(known, key)) ?? key);
}

function asFailure(error: unknown): RemoteKeysError {
  return error instanceof RemoteKeysError ? error : new RemoteKeysError('bad_content');
}
