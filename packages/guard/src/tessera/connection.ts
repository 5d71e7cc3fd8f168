/** What a guard keeps up with a Tessera server: its keys, its feed, questions and reports. @module */
import { logToProcess } from '../guard/log.ts';
import { type CallServer, serverCaller } from './call-server.ts';
import { type Introspector, introspector } from './introspector.ts';
import type { TesseraOptions } from './options.ts';
import { type UseReporter, useReporter } from './report-uses.ts';
import { type RevocationFeed, revocationFeed } from './revocation-feed.ts';
import type { ServerKeys } from './server-keys.ts';

export interface Connection {
  /** Null: nothing is followed. */
  readonly feed: RevocationFeed | null;
  readonly online: Introspector;
  readonly uses: UseReporter;
}

/** Null in the mode `offline`. @throws {TypeError} where a credential is missing, or for another mode */
export function connectionTo(server: URL, { renew }: ServerKeys, options: TesseraOptions): Connection | null {
  const { mode = 'live', credential, maxStaleSeconds = 300, log = logToProcess, clock = Date.now } = options;
  if (mode === 'offline') return null;
  if (mode !== 'live' && mode !== 'online') throw new TypeError('the mode is "live", "online" or "offline"');
  if (credential === undefined)
    throw new TypeError(`the mode "${mode}" needs the credential of an application registered at the server`);
  const call: CallServer = serverCaller(server, credential);
  // Also at the beginning: no first token waits for them. Who needs them hears of a failure.
  const onKeysChanged = (): void => void renew().catch(() => undefined);
  const feed = mode === 'live' ? revocationFeed({ call, log, clock, onKeysChanged, maxStaleSeconds }) : null;
  return { feed, online: introspector(call), uses: useReporter(call) };
}
