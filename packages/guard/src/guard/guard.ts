/** The guard, without any framework: a request's head in, a decision out. Adapters translate. @module */
import type { Principal } from '@tessera/token';
import type { LoginAttempt } from '../login/attempt.ts';
import type { RequestHead } from '../request/request-head.ts';
import type { Answer } from './answer.ts';
import type { GuardMetrics } from './metrics.ts';
import type { Requirement } from './policies.ts';

export interface Guard {
  /**
   * A promise only where somebody has to be asked. Never throws, never rejects.
   *
   * @param mark `public`: the program marked this request's route so. Counts only for paths that every router reads alike
   */
  decide(head: RequestHead, mark?: 'public'): Decision | Promise<Decision>;
  /** Where requests are decided to `log-in`; none without a login method. */
  readonly loginPaths: readonly string[];
  /** The login route's answer, after `decide` said `log-in`. Never rejects. */
  logIn(attempt: LoginAttempt): Promise<Answer>;
  /** Whether the principal has one of the roles, and passes every policy. Never throws, never rejects. */
  meets(principal: Principal, requirement: Requirement): boolean | Promise<boolean>;
  /** The names of all policies that the principal passes. */
  policiesOf(principal: Principal): Promise<readonly string[]>;
  metrics(): GuardMetrics;
  /** Forgets every remembered credential; each is checked anew. */
  forget(): void;
  /** Ends what the methods and the deny list follow. */
  close(): Promise<void>;
}

export type Decision =
  /** To the program, as this principal: of the credential, or `anonymous` at a public endpoint. */
  | { readonly kind: 'pass'; readonly principal: Principal }
  /** The login route: hand its body to `logIn`. */
  | { readonly kind: 'log-in' }
  | { readonly kind: 'answer'; readonly answer: Answer };
