/** The keys that a Tessera server publishes, fetched anew when it says that they have changed. @module */
import { type BearerKeys, createRemoteKeySet, publishedKeys, type RemoteKeySet } from '@tessera/token';

export interface ServerKeys {
  readonly keys: BearerKeys;
  readonly remote: RemoteKeySet;
  /** They may be different now. */
  refresh(): void;
}

/** Strangers' tokens cause no more requests than this; the server itself says when there is something new. */
const cooldownMs = 5_000;

export function serverKeys(server: URL): ServerKeys {
  const remote = createRemoteKeySet({
    url: new URL('.well-known/jwks.json', server),
    clock: () => performance.now(),
    cooldownMs,
    // What a cache on the way has kept may hold a key that was removed.
    fetch(url, init) {
      const headers = new Headers(init?.headers);
      headers.set('cache-control', 'no-cache');
      return fetch(url, { ...init, headers });
    },
  });
  const load = (): void => void remote.load().catch(() => undefined);
  return {
    keys: publishedKeys(remote),
    remote,
    refresh() {
      load();
      // A fetch that is under way, or just over, may have brought the keys of before.
      setTimeout(load, cooldownMs + 500).unref();
    },
  };
}
