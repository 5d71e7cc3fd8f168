/** A user: who may sign in, by what means, and what has happened at the door. @module */
import type { DomainId, UserId } from './ids.ts';
import type { JsonObject } from './tenancy.ts';

export type AuthMethod = 'password' | 'user_certificate' | 'password_with_user_certificate';
export type ClientType = 'unregistered' | 'public' | 'confidential';

/** What is kept of a person and decides nothing. What is not given is not there. */
export interface Profile {
  /** What kind of document `idNo` is of. */
  readonly idType?: string;
  readonly idNo?: string;
  readonly addressLine1?: string;
  readonly addressLine2?: string;
  readonly addressLine3?: string;
  readonly addressLine4?: string;
  readonly country?: string;
}

export interface User {
  readonly id: UserId;
  /** Grows with every change: a writer that saw an older one decides again. */
  readonly version: number;
  /** The domain the account lives in. */
  readonly domainId: DomainId;
  /** Where the account is kept; `local` for accounts with a password of ours. */
  readonly connection: string;
  /** As written at creation; immutable, unique in its domain and connection without regard to case. */
  readonly username: string;
  readonly enabled: boolean;
  readonly email: string | null;
  readonly name: string | null;
  readonly fullName: string | null;
  readonly nickname: string | null;
  /** The organisation the person belongs to; lists are narrowed by it. */
  readonly orgName: string | null;
  readonly profile: Profile;
  /** PHC string of Argon2id; null where no password sign-in is possible. */
  readonly passwordHash: string | null;
  readonly passwordChangedAtMs: number | null;
  readonly passwordChangeRequired: boolean;
  /** Whether a one-time password is due at sign-in; written together with `second_factors`, and believed without it. */
  readonly secondFactor: 'none' | 'active';
  /** Name of the password policy; null: the global one. */
  readonly passwordPolicy: string | null;
  readonly allowedAuthMethods: readonly AuthMethod[];
  readonly allowedClientTypes: readonly ClientType[];
  readonly preventUiLogin: boolean;
  readonly isDomainUser: boolean;
  readonly certificateSubjectDn: string | null;
  readonly expiresAtMs: number | null;
  readonly appMetadata: JsonObject;
  readonly userMetadata: JsonObject;
  readonly failedLoginsCount: number;
  readonly failedLoginsInitialAttemptAtMs: number | null;
  readonly lastFailedLoginAtMs: number | null;
  /** When the running or last lockout began. */
  readonly accountLockoutAtMs: number | null;
  /** Until when sign-ins are refused; null: not locked. */
  readonly lockedUntilMs: number | null;
  readonly loginsCount: number;
  readonly lastLoginAtMs: number | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** The connection of accounts whose password is kept here; only they are locked out. */
export const localConnection = 'local';

/** An account that was never used, with a name and nothing else; it has no password yet. */
export function blankUser(identity: Pick<User, 'id' | 'domainId' | 'username'>, nowMs: number): User {
  return {
    ...identity,
    version: 1,
    connection: localConnection,
    enabled: true,
    email: null,
    name: null,
    fullName: null,
    nickname: null,
    orgName: null,
    profile: {},
    passwordHash: null,
    passwordChangedAtMs: null,
    passwordChangeRequired: false,
    secondFactor: 'none',
    passwordPolicy: null,
    allowedAuthMethods: ['password'],
    allowedClientTypes: ['unregistered', 'public', 'confidential'],
    preventUiLogin: false,
    isDomainUser: false,
    certificateSubjectDn: null,
    expiresAtMs: null,
    appMetadata: {},
    userMetadata: {},
    failedLoginsCount: 0,
    failedLoginsInitialAttemptAtMs: null,
    lastFailedLoginAtMs: null,
    accountLockoutAtMs: null,
    lockedUntilMs: null,
    loginsCount: 0,
    lastLoginAtMs: null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}

/** What of a user decides, at every mint and every guarded request, whether their sessions work. */
export interface Standing {
  readonly enabled: boolean;
  readonly allowedAuthMethods: readonly AuthMethod[];
  readonly expiresAtMs: number | null;
}

/** Why a user's sessions are suspended, or null when they work. */
export function suspension(user: Standing, nowMs: number): 'user_disabled' | 'account_expired' | null {
  if (!user.enabled || user.allowedAuthMethods.length === 0) return 'user_disabled';
  if (user.expiresAtMs !== null && user.expiresAtMs <= nowMs) return 'account_expired';
  return null;
}
