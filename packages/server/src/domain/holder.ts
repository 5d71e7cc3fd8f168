/** A session together with what its user is and holds at this moment: all that a mint or a check decides on. @module */
import type { DomainId, TenantId, UserId } from './ids.ts';
import type { Session } from './session.ts';
import { type Standing, suspension } from './user.ts';

/** Who a token speaks for, in one scope, as of the moment it was read. */
export interface Holder extends Standing {
  readonly userId: UserId;
  readonly username: string;
  readonly connection: string;
  /** What people call them; null: nothing was said. */
  readonly name: string | null;
  readonly homeDomainId: DomainId;
  readonly homeDomainName: string;
  readonly homeDomainEnabled: boolean;
  /** The scope the roles were computed for. */
  readonly domainId: DomainId | null;
  readonly domainName: string | null;
  /** Whether the scope stands: domain and tenant exist, belong together and are enabled. Always, where no domain is named. */
  readonly domainEnabled: boolean;
  readonly tenantId: TenantId | null;
  /** Effective role names in the scope: global, of the domain, of the tenant; sorted, no duplicates. */
  readonly roles: readonly string[];
}

export interface HeldSession {
  readonly session: Session;
  readonly holder: Holder;
}

/** What opens a domain: being at home there or a role in it, or nothing but a role. For no domain nothing is needed. */
export type EntryRule = 'home-or-role' | 'role';

/** Why a session of this holder does nothing now, or null when it works. */
export function suspensionOf(holder: Holder, rule: EntryRule, nowMs: number): string | null {
  return standingFault(holder, nowMs) ?? (mayEnter(holder, rule) ? null : 'no_role_in_domain');
}

/** Why the user has no session anywhere, or null. */
export function standingFault(holder: Holder, nowMs: number): string | null {
  return suspension(holder, nowMs) ?? (holder.homeDomainEnabled ? null : 'home_domain_disabled');
}

/** Whether the holder may have a token for the scope. */
export function mayEnter(holder: Holder, rule: EntryRule): boolean {
  if (!holder.domainEnabled) return false;
  if (holder.domainId === null || holder.roles.length > 0) return true;
  return rule === 'home-or-role' && holder.homeDomainId === holder.domainId;
}
