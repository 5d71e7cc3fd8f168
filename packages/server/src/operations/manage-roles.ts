/** Managing roles: create, list, read, change, delete. @module */
import type { UserId } from '../domain/ids.ts';
import type { JsonObject, Role } from '../domain/tenancy.ts';
import type { Page } from '../store/page.ts';
import type { Caller, Core } from './core.ts';

/** A role with how many users hold it in the caller's domain. */
export interface CountedRole extends Role {
  readonly usersCount: number;
}

/** A field not given keeps its value, or is empty at creation. */
export interface RoleFields {
  readonly description?: string;
  readonly appMetadata?: JsonObject;
  readonly userMetadata?: JsonObject;
  readonly clientMetadata?: JsonObject;
}

export interface NewRole extends RoleFields {
  readonly name: string;
}

export interface RoleChanges extends RoleFields {
  readonly name?: string;
}

export interface RoleQuery {
  readonly name: string | null;
  /** Only roles that this user holds. */
  readonly userId: UserId | null;
  readonly skip: number;
  readonly limit: number;
}

export declare function createRole(core: Core, caller: Caller, fields: NewRole): Promise<CountedRole>;
export declare function listRoles(core: Core, caller: Caller, query: RoleQuery): Promise<Page<CountedRole>>;
export declare function getRole(core: Core, caller: Caller, name: string): Promise<CountedRole>;
export declare function changeRole(
  core: Core,
  caller: Caller,
  name: string,
  changes: RoleChanges,
): Promise<CountedRole>;
export declare function deleteRole(core: Core, caller: Caller, name: string): Promise<void>;
