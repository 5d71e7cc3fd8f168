/** Managing password policies: create, list, read, change, delete. @module */
import type { PasswordPolicy } from '../domain/password-policy.ts';
import type { Page } from '../store/page.ts';
import type { Caller, Core } from './core.ts';

/** A rule not given keeps its value, or has the default of a fresh installation at creation. */
export type PolicyRules = Partial<Omit<PasswordPolicy, 'name' | 'createdAtMs' | 'updatedAtMs'>>;

export interface NewPolicy extends PolicyRules {
  readonly name: string;
}

export declare function createPolicy(core: Core, caller: Caller, fields: NewPolicy): Promise<PasswordPolicy>;
export declare function listPolicies(
  core: Core,
  caller: Caller,
  query: { readonly skip: number; readonly limit: number },
): Promise<Page<PasswordPolicy>>;
export declare function getPolicy(core: Core, caller: Caller, name: string): Promise<PasswordPolicy>;
export declare function changePolicy(
  core: Core,
  caller: Caller,
  name: string,
  changes: PolicyRules,
): Promise<PasswordPolicy>;
export declare function deletePolicy(core: Core, caller: Caller, name: string): Promise<void>;
