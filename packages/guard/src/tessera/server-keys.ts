/** The keys that a Tessera server publishes, as they are now: fetched anew when it says that they have changed. @module */
import { type BearerKeys, createRemoteKeySet, publishedKeys, type RemoteKeySet } from '@tessera/token';
import { pause } from './retries.ts';

export interface ServerKeys {
  readonly keys: BearerKeys;
  readonly state: RemoteKeySet['state'];
  /**
   * Resolves when keys are at hand that were fetched after the call, or could not be: a key that began to sign a moment ago is
   * among them. Many who call at once cause one request in a second; beyond a limit nobody waits.
   *
   * @throws {RemoteKeysError} when there are no keys to use
   */
  renew(): Promise<void>;
}

const cooldownMs = 1_000;
const mostWaiting = 500;
const never = new AbortController().signal;

export function serverKeys(server: URL): ServerKeys {
  const clock = (): number => performance.now();
  const remote = createRemoteKeySet({
    url: new URL('.well-known/jwks.json', server),
    clock,
    cooldownMs,
    // What a cache on the way has kept may hold a key that was removed.
    fetch(url, init) {
      const headers = new Headers(init?.headers);
      headers.set('cache-control', 'no-cache');
      return fetch(url, { ...init, headers });
    },
  });
  let waiting = 0;
  const renew = async (): Promise<void> => {
    const calledAtMs = clock();
    const { fetches } = remote.state;
    await remote.load();
    const { ageMs, fetches: fetchesNow } = remote.state;
    const isNewer = ageMs !== null && clock() - ageMs >= calledAtMs;
    if (isNewer || fetchesNow > fetches || waiting >= mostWaiting) return;
    // The last fetch began before the call, and the next one is not due yet.
    waiting += 1;
    await pause(cooldownMs, never);
    waiting -= 1;
    await remote.load();
  };
  return {
    keys: publishedKeys(remote),
    get state() {
      return remote.state;
    },
    renew,
  };
}
