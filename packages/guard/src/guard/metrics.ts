/** What the guard counts since it was made. @module */

export interface GuardMetrics {
  /** Requests by what became of them. */
  readonly requests: Readonly<Record<keyof RequestCounts, number>>;
  readonly memory: {
    readonly tokens: number;
    readonly hits: number;
    /** Credentials that were checked, whatever came of it. */
    readonly misses: number;
  };
  readonly login: { readonly succeeded: number; readonly failed: number; readonly slowed: number };
  /** One for each method that has any, in the guard's order. */
  readonly methods: readonly { readonly name: string; readonly metrics: Readonly<Record<string, number>> }[];
  /** Null: the guard has none, or it counts nothing. */
  readonly denyList: Readonly<Record<string, number>> | null;
}

export interface RequestCounts {
  passed: number;
  public: number;
  login: number;
  /** 401, 400 and 429. */
  refused: number;
  revoked: number;
  /** 403, by roles, policies or scope. */
  forbidden: number;
  /** 503. */
  unavailable: number;
}

export function noRequests(): RequestCounts {
  return { passed: 0, public: 0, login: 0, refused: 0, revoked: 0, forbidden: 0, unavailable: 0 };
}
