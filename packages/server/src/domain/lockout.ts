/** What a failed or successful sign-in does to an account's counters. @module */
import type { PasswordPolicy } from './password-policy.ts';
import type { User } from './user.ts';

const minute = 60_000;

/** Attempts during a running lockout are refused and not counted. */
export function isLocked(user: Pick<User, 'lockedUntilMs'>, nowMs: number): boolean {
  return user.lockedUntilMs !== null && nowMs < user.lockedUntilMs;
}

/** Counts one wrong password and locks the account for as long as the policy says for that many in a row. */
export function countFailure(user: User, policy: PasswordPolicy, nowMs: number): User {
  const failures = user.failedLoginsCount + 1;
  const thresholds = policy.lockoutThresholdsMinutes;
  const minutes = thresholds[Math.min(failures, thresholds.length) - 1] ?? 0;
  return {
    ...user,
    failedLoginsCount: failures,
    failedLoginsInitialAttemptAtMs: user.failedLoginsInitialAttemptAtMs ?? nowMs,
    lastFailedLoginAtMs: nowMs,
    accountLockoutAtMs: minutes > 0 ? nowMs : user.accountLockoutAtMs,
    lockedUntilMs: minutes > 0 ? nowMs + minutes * minute : null,
  };
}

/** Ends a lockout and forgets the failures, as an administrator may. */
export function unlock(user: User): User {
  return {
    ...user,
    failedLoginsCount: 0,
    failedLoginsInitialAttemptAtMs: null,
    accountLockoutAtMs: null,
    lockedUntilMs: null,
  };
}

/** Counts a complete sign-in, which forgets the failures before it. */
export function countSignIn(user: User, nowMs: number): User {
  return { ...unlock(user), loginsCount: user.loginsCount + 1, lastLoginAtMs: nowMs };
}
