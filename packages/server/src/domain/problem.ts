/** Why the core refused: data, not prose, worded by each dialect for its own wire. @module */

/**
 * The coarse kinds a dialect has words for. A new kind is a compile error in every dialect until it is worded.
 *
 * - `malformed`: the request cannot be read, or a field is missing
 * - `invalid_value`: a field has a value that is not allowed; `field` names it
 * - `wrong_credentials`: user and password (or their domain, connection, state) do not open anything
 * - `challenge`: the password is right, but something else is due; `reason` says what
 * - `invalid_token`: a refresh token, or a proof about one, opens nothing
 * - `unauthenticated`: an access token is missing, bad or expired
 * - `session_ended`: an access token whose session was ended or whose user is suspended
 * - `forbidden`, `not_found`, `conflict`: as in HTTP
 * - `too_many_attempts`: slowed down; `retryAfterSeconds` says for how long
 * - `unavailable`: the server cannot answer now (database away, queue full); `retryAfterSeconds` as well
 */
export type ProblemKind =
  | 'malformed'
  | 'invalid_value'
  | 'wrong_credentials'
  | 'challenge'
  | 'invalid_token'
  | 'unauthenticated'
  | 'session_ended'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_many_attempts'
  | 'unavailable';

/** What is due after a right password. */
export type Challenge = 'password_change_required' | 'password_expired' | 'account_expired' | 'otp_required';

/** A refusal. `reason` is for the audit log and may be precise; `message` may reach the wire and says no more than it must. */
export interface Problem {
  readonly kind: ProblemKind;
  /** Fine-grained, snake_case: `unknown_user`, `refresh_token_reused`, … Never shown for credentials and tokens. */
  readonly reason: string;
  /** One sentence for the caller, safe to show; never holds a secret. */
  readonly message?: string;
  /** The field at fault, as the core names it. */
  readonly field?: string;
  readonly retryAfterSeconds?: number;
  /** Set where the token refused is genuine and nothing but too old, so that its bearer may be told to sign in again. */
  readonly expired?: true;
}

/** Thrown for every refusal; anything else that is thrown is a defect. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message ?? problem.reason);
    this.problem = problem;
  }
}

/** `throw refuse('not_found', 'unknown_session')`, for refusals that need no more than a kind and a reason. */
export function refuse(kind: ProblemKind, reason: string, message?: string): ProblemError {
  return new ProblemError(message === undefined ? { kind, reason } : { kind, reason, message });
}
