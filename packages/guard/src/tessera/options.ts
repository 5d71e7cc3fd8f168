/** How a guard is told about a Tessera server. @module */
import type { Secret } from '@tessera/token';
import type { Log } from '../guard/log.ts';
import type { TokenKind } from './token-kind.ts';

/**
 * - `live`: checked here by the server's published keys, and refused as soon as the server's feed says so
 * - `online`: the server is asked about each request
 * - `offline`: by the published keys alone, so that a revoked token is taken until its end
 */
export type TesseraMode = 'live' | 'online' | 'offline';

export interface TesseraOptions {
  /** Address of the server, `https:`, or `http:` on this machine. */
  readonly server: string | URL;
  /** Of an application registered at the server; only `offline` does without. */
  readonly credential?: string | Secret;
  /** Default `live`. */
  readonly mode?: TesseraMode;
  /** `iss` of its tokens; default: the server's address. */
  readonly issuer?: string | readonly string[];
  /** `aud` to expect; default: not looked at, since some interfaces write none. */
  readonly audience?: string | readonly string[];
  /** Interfaces whose tokens are taken; default: all. */
  readonly accept?: readonly TokenKind[];
  /** Default 30, at most 600. */
  readonly clockSkewSeconds?: number;
  /** How old the feed may be. Default 300. */
  readonly maxStaleSeconds?: number;
  /** What becomes of good tokens when it is older: 503, or taken all the same. Default `refuse`. */
  readonly whenStale?: 'refuse' | 'accept';
  /** Default: warnings of the process. */
  readonly log?: Log;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly clock?: () => number;
}
