/** How a host is reached. @module */
import type { Connection } from '../tessera/connection.ts';

/** What may be set of a connection. */
export type CloudConnection = Partial<Omit<Connection, 'url'>>;

export function connectionTo(url: URL, given: CloudConnection): Connection {
  return { url, verification: 'verify', trustedPem: null, timeoutMs: 30_000, trace: null, ...given };
}
