/** What a client is given beside its configuration. @module */
import type { Secret } from '@tessera/token';
import type { Fetch } from '../http/fetch-transport.ts';
import type { TokenClientEvent } from '../plan/events.ts';
import type { SecretReaders } from '../plan/resolve-secrets.ts';
import type { TokenCache } from '../token-source/external-cache.ts';
import type { StubAnswers } from './stub-answers.ts';

export interface ClientOptions extends SecretReaders {
  /** Where tokens are kept if the configuration says `token_cache: "redis"`. */
  readonly cache?: TokenCache;
  /** Seals the entries of that cache; the same for all who share it. */
  readonly cacheSecret?: Secret | string;
  /** Answers to calls where the configuration says `stub: true`. */
  readonly stubAnswers?: StubAnswers;
  /** Told of tokens obtained, refused and failed; what it throws is ignored. */
  readonly onEvent?: (event: TokenClientEvent) => void;
  /** Sends all requests instead of undici. TLS, proxies and connections are then its own. */
  readonly fetch?: Fetch;
  /** Epoch milliseconds; `Date.now` if not given. */
  readonly now?: () => number;
}
