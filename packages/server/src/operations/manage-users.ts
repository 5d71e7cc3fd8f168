/** Managing user accounts: create, list, read, change, delete. @module */
import type { UserId } from '../domain/ids.ts';
import type { JsonObject } from '../domain/tenancy.ts';
import type { AuthMethod, ClientType, User } from '../domain/user.ts';
import type { Page } from '../store/page.ts';
import type { Caller, Core } from './core.ts';

/** A user as a caller may see it: without its password's hash, with what its domain is called. */
export interface Account extends Omit<User, 'version' | 'passwordHash'> {
  readonly domainName: string;
  /** Effective role names in the caller's domain; null where they were not asked for. */
  readonly roles: readonly string[] | null;
}

/** What an administrator may set. A field not given keeps its value (or its default at creation); null clears it. */
export interface AccountFields {
  readonly enabled?: boolean;
  readonly email?: string | null;
  readonly name?: string | null;
  readonly fullName?: string | null;
  readonly nickname?: string | null;
  readonly passwordChangeRequired?: boolean;
  /** Name of the password policy; null: the global one. */
  readonly passwordPolicy?: string | null;
  readonly allowedAuthMethods?: readonly AuthMethod[];
  readonly allowedClientTypes?: readonly ClientType[];
  readonly preventUiLogin?: boolean;
  readonly isDomainUser?: boolean;
  readonly certificateSubjectDn?: string | null;
  readonly expiresAtMs?: number | null;
  readonly appMetadata?: JsonObject;
  readonly userMetadata?: JsonObject;
}

export interface NewUser extends AccountFields {
  readonly username: string;
  /** Null only where no password sign-in is allowed. */
  readonly password: string | null;
  /** Only `local` until other connections are built. */
  readonly connection?: string;
}

export interface UserChanges extends AccountFields {
  readonly password?: string;
  /** Only 0, which ends a lockout. */
  readonly failedLoginsCount?: number;
}

export interface UserQuery {
  readonly name: string | null;
  readonly username: string | null;
  readonly email: string | null;
  /** Role names in the caller's domain. */
  readonly inAllRoles: readonly string[];
  readonly inNoRoles: readonly string[];
  /** Name or id of the home domain; null: every domain the caller may see. */
  readonly domain: string | null;
  readonly accountExpired: boolean | null;
  readonly allowedAuthMethods: readonly string[] | null;
  readonly allowedClientTypes: readonly string[] | null;
  readonly passwordPolicy: string | null;
  readonly sort: {
    readonly by: 'username' | 'name' | 'email' | 'created_at';
    readonly order: 'asc' | 'desc';
  };
  readonly roles: 'include' | 'omit';
  readonly skip: number;
  readonly limit: number;
}

export declare function createUser(core: Core, caller: Caller, fields: NewUser): Promise<Account>;
export declare function listUsers(core: Core, caller: Caller, query: UserQuery): Promise<Page<Account>>;
export declare function getUser(core: Core, caller: Caller, id: UserId): Promise<Account>;
export declare function changeUser(
  core: Core,
  caller: Caller,
  id: UserId,
  changes: UserChanges,
): Promise<Account>;
export declare function deleteUser(core: Core, caller: Caller, id: UserId): Promise<void>;
