/** What a guard is made of. @module */
import type { DenyList } from '../deny/deny-list.ts';
import type { LoginMethod } from '../methods/login.ts';
import type { CredentialMethod } from '../methods/method.ts';
import type { RegistryOptions } from '../tessera/registry-list.ts';
import type { Log } from './log.ts';
import type { Policy } from './policies.ts';

export type GuardMethod = CredentialMethod | LoginMethod;

export interface GuardOptions {
  /** At least one, asked in this order. */
  readonly methods: readonly GuardMethod[];
  /** Named by routes with `requirePolicy`. */
  readonly policies?: Readonly<Record<string, Policy>>;
  /** `GET /api/health`, `GET /docs/*`; `GET` covers HEAD. Credentials are not looked at there. */
  readonly publicEndpoints?: readonly string[];
  /** Where the login route is; default `/login` and `/api/login`. */
  readonly paths?: { readonly login?: string | readonly string[] };
  /** Tokens that are refused although they are good: a list of your own, or `fileDenyList(path)`. */
  readonly denyList?: DenyList;
  /** The list of an application that is registered at a Tessera server. With a `denyList` as well, either refuses. */
  readonly registry?: RegistryOptions;
  /** Default: not in production, and not where no environment can be read. */
  readonly allowDefaultSigningKey?: boolean;
  /** How many verified tokens are remembered, and how long they may be. */
  readonly memory?: MemoryLimits;
  /** Default: warnings of the process. */
  readonly log?: Log;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number;
}

export interface MemoryLimits {
  /** Default 20,000; 0 remembers nothing. */
  readonly maxTokens?: number;
  /** In characters; longer credentials are checked every time. Default 4096. */
  readonly maxLength?: number;
}
