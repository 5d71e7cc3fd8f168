/**
 * What a configuration comes to: frozen data that says how a token is asked for, understood, placed and kept.
 *
 * Made by `compileAdapter` or from a typed configuration; from here on no code knows which.
 * @module
 */
import type { AnswerRecipe } from './answer-recipe.ts';
import type { Problem } from './errors.ts';
import type { Placement, Placing } from './placement.ts';
import type { PathPiece, RequestRecipe } from './request-recipe.ts';
import type { SecretSources } from './secrets.ts';
import type { Transport } from './transport.ts';

export interface TokenPlan {
  /** The adapter's id: part of every cache key. */
  readonly id: string;
  /** Where calls go. */
  readonly target: Target;
  /** Origins beside the target's that may receive the token, as `https://host:port`. */
  readonly allowedOrigins: readonly string[];
  readonly step: TokenStep;
  readonly placements: readonly Placement[];
  /** The placements as they were written, for a caller who overrides one half of them. */
  readonly placing: Placing;
  /** Whether a body may be placed into a GET or HEAD. */
  readonly bodyOnGet: 'refused' | 'allowed';
  readonly lifetime: Lifetime;
  readonly refusal: Refusal;
  /** Statuses that mean "too many requests": waited for, then sent again with the same token. */
  readonly overload: Overload;
  readonly cache: 'memory' | 'external';
  readonly transport: Transport;
  readonly calls: CallDefaults;
  readonly healthcheck: Healthcheck | null;
  /** Null: requests are really sent. */
  readonly stub: Stub | null;
  readonly secrets: SecretSources;
  /** `grant_type`, `scope`, `resource`: what is sent with the credentials and is no secret. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Names of members to mask beside those that are always masked; lower case. */
  readonly sensitive: readonly string[];
  /** Whether token requests are told as events too. */
  readonly logging: 'quiet' | 'token-requests';
  /** Distinguishes what was compiled; holds no secret. Part of every cache key. */
  readonly fingerprint: string;
  readonly warnings: readonly Problem[];
}

export interface Target {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly basePath: string;
  readonly version: string;
}

export type TokenStep =
  /** Nothing is fetched: formats that name `{token}` find it empty. */
  | { readonly kind: 'none' }
  /** The token is the secret `token`. */
  | { readonly kind: 'static' }
  | {
      readonly kind: 'request';
      readonly request: RequestRecipe;
      readonly answer: AnswerRecipe;
      readonly renewal: Renewal | null;
    };

/** How a token is asked for anew with a refresh token. */
export interface Renewal {
  readonly request: RequestRecipe;
  readonly answer: AnswerRecipe;
  /** How long a refresh token lives from when it was asked for; null: until it is refused. */
  readonly refreshTokenLifetimeMs: number | null;
}

export type Lifetime =
  /** One token request per call. */
  | { readonly kind: 'per-call' }
  | { readonly kind: 'fixed'; readonly lifetimeMs: number; readonly marginMs: number | null }
  /** As the answer says. `marginMs` null: 60 s, at most a quarter of the lifetime. */
  | { readonly kind: 'answer'; readonly marginMs: number | null };

export interface Refusal {
  readonly statuses: readonly number[];
  /** How often a refused call is sent again; 0: never. */
  readonly repeats: number;
}

export interface Overload {
  readonly statuses: readonly (readonly [first: number, last: number])[];
  readonly repeats: number;
  /** Waited where the answer has no `Retry-After`. */
  readonly waitMs: number;
}

export interface CallDefaults {
  /** `addlHeaders`: where the call has none of that name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Joins every call's query. */
  readonly uriOptions: Readonly<Record<string, unknown>>;
  /** Joins JSON bodies of calls other than GET. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** An ordinary call that tells whether the system is well. */
export interface Healthcheck {
  readonly method: string;
  readonly path: readonly PathPiece[];
  /** Joins the path's. */
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Null: no body. */
  readonly body: string | null;
  /** The action's own say on placing into the body of a GET. */
  readonly bodyOnGet: TokenPlan['bodyOnGet'];
  readonly timeoutMs: number;
}

export interface Stub {
  /** The mock answer to a token request; null: there is none. */
  readonly tokenAnswer: string | null;
}
