/** Managing domains: create, list. @module */
import type { UserId } from '../domain/ids.ts';
import type { Domain } from '../domain/tenancy.ts';
import type { Page } from '../store/page.ts';
import type { Caller, Core } from './core.ts';

export interface NewDomain {
  readonly name: string;
  /** Who holds `admin` in the new domain; at least one. */
  readonly admins: readonly UserId[];
  readonly allowUserManagement?: boolean;
}

interface Range {
  readonly skip: number;
  readonly limit: number;
}

export declare function createDomain(core: Core, caller: Caller, fields: NewDomain): Promise<Domain>;
export declare function listDomains(core: Core, caller: Caller, range: Range): Promise<Page<Domain>>;
/** The domains the caller may have a token for. */
export declare function listOwnDomains(core: Core, caller: Caller, range: Range): Promise<Page<Domain>>;
