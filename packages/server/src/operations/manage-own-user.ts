/** What a user may see and change of their own account. @module */
import type { Caller, Core } from './core.ts';
import type { Account, AccountFields } from './manage-users.ts';

/** Nothing that widens a right, and no password: that is changed by proving the old one. */
export type OwnAccountFields = Pick<
  AccountFields,
  'email' | 'name' | 'nickname' | 'fullName' | 'userMetadata'
>;

export declare function getOwnUser(core: Core, caller: Caller): Promise<Account>;
export declare function changeOwnUser(
  core: Core,
  caller: Caller,
  changes: OwnAccountFields,
): Promise<Account>;
