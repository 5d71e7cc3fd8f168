/** Giving a user a role in the caller's domain, and taking it away. @module */
import type { UserId } from '../domain/ids.ts';
import type { Caller, Core } from './core.ts';
import type { CountedRole } from './manage-roles.ts';

export declare function assignRole(
  core: Core,
  caller: Caller,
  roleName: string,
  userId: UserId,
): Promise<CountedRole>;
export declare function unassignRole(
  core: Core,
  caller: Caller,
  roleName: string,
  userId: UserId,
): Promise<void>;
