/**
 * What a method of authentication is to the guard.
 *
 * The guard reads the one credential of a request, gives it to the methods that take its kind, in their order, and remembers what was
 * accepted. A method decides about one credential, and says of an acceptance whether it still stands.
 * @module
 */
import type { Principal } from '@tessera/token';
import type { DenyList } from '../deny/deny-list.ts';
import type { Answer } from '../guard/answer.ts';
import type { Log } from '../guard/log.ts';
import type { Throttle } from '../login/throttle.ts';
import type { Credential, CredentialKind } from '../request/credential.ts';
import type { RequestHead } from '../request/request-head.ts';

export interface CredentialMethod {
  readonly role: 'credentials';
  /** For logs and metrics: `jwt`, `basic`, `tessera`, `nectar`. */
  readonly name: string;
  /** The kinds it takes; it is given no other. */
  readonly credentials: readonly CredentialKind[];
  /** `WWW-Authenticate` of the answer to a request without a credential: `Bearer`, `Basic realm="api"`. */
  readonly challenge: string;
  /**
   * A verdict at once where nobody has to be asked: then the whole check of a request is synchronous.
   *
   * Never throws for what a request holds. What it throws all the same is answered 503 and logged.
   */
  check(credential: Credential, request: CheckedRequest): Verdict | Promise<Verdict>;
  /** Called once, when the guard is made: begin to follow a feed. Must not keep the process alive. */
  start?(): void;
  close?(): void | Promise<void>;
  /** Joins `guard.metrics()`, under the method's name. */
  metrics?(): Readonly<Record<string, number>>;
}

export interface CheckedRequest {
  readonly head: RequestHead;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Null: there is none. To be asked after the signature and before everything else. */
  readonly denyList: DenyList | null;
  /** For methods that ask for passwords; shared with the login route. */
  readonly throttle: Throttle;
  readonly log: Log;
}

export type Verdict = Accepted | Refused | Revoked | Unavailable;

export interface Accepted {
  readonly kind: 'accepted';
  readonly principal: Principal;
  /** Null: check anew at every request. */
  readonly remembered: Remembered | null;
  /** What the guard asks its deny list for at every request with a remembered credential; null: nothing. */
  readonly denialKey: string | null;
  /** What this one request may use of the principal, by its headers; null: all of it. Asked at every request. */
  readonly narrow: ((head: RequestHead) => Narrowing | Promise<Narrowing>) | null;
}

/** By credential alone: whatever else the verdict depended on, `stands` asks again. */
export interface Remembered {
  /** Whether the verdict would be the same now: lifetime, keys, revocations, age of the feed. False: checked anew. */
  stands(nowMs: number): boolean;
}

/** Of several methods for one kind of credential, any may accept it. */
export interface Refused {
  readonly kind: 'refused';
  /** The `error_description`, printable ASCII; of several methods they are joined. Null: `error="invalid_token"` alone. */
  readonly description: string | null;
  /** Instead of 401 with an empty body and the challenge, if this method alone took the credential. */
  readonly answer?: Answer;
}

/** The credential is one of this method's own, and was taken back: no other method is asked. */
export interface Revoked {
  readonly kind: 'revoked';
  readonly answer?: Answer;
}

/**
 * 503 with `Retry-After`: the credential may be one of this method's own, and cannot be judged now. No other method is asked, so
 * refuse what is evidently not yours instead.
 */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly retryAfterSeconds: number;
}

export type Narrowing =
  | { readonly kind: 'principal'; readonly principal: Principal }
  /** 400: malformed headers. 403: not this scope. */
  | { readonly kind: 'refused'; readonly status: 400 | 403 }
  | Unavailable;
