/** A session together with what its user is and holds at this moment: all that a mint or a check decides on. @module */
import type { DomainId, TenantId, UserId } from './ids.ts';
import type { Session } from './session.ts';
import { type Standing, suspension } from './user.ts';

/** Who a token speaks for, in one scope, as of the moment it was read. */
export interface Holder extends Standing {
  readonly userId: UserId;
  readonly username: string;
  readonly connection: string;
  readonly homeDomainId: DomainId;
  /** The scope the roles were computed for. */
  readonly domainId: DomainId | null;
  readonly domainName: string | null;
  readonly domainEnabled: boolean;
  readonly tenantId: TenantId | null;
  /** Effective role names in the scope: global, of the domain, of the tenant; sorted, no duplicates. */
  readonly roles: readonly string[];
}

export interface HeldSession {
  readonly session: Session;
  readonly holder: Holder;
}

/** Why a session of this holder does nothing now, or null when it works. */
export function suspensionOf(holder: Holder, nowMs: number): string | null {
  return suspension(holder, nowMs) ?? (mayEnter(holder) ? null : 'no_role_in_domain');
}

/** Whether the holder may have a token for the scope: at home in the domain or with a role there, or for no domain at all. */
export function mayEnter(holder: Holder): boolean {
  if (holder.domainId === null) return true;
  return holder.domainEnabled && (holder.homeDomainId === holder.domainId || holder.roles.length > 0);
}
