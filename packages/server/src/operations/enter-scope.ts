/** Finds out what a user holds in a scope they asked for, betraying nothing about scopes where they hold nothing. @module */
import { type EntryRule, type Holder, mayEnter } from '../domain/holder.ts';
import type { TenantId, UserId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import type { NamedScope } from '../domain/tenancy.ts';
import type { User } from '../domain/user.ts';
import { tenantsWhereHeld } from '../store/tenants-of-user.ts';
import type { Core } from './core.ts';
import type { Entered } from './sign-in.ts';

const nowhere: NamedScope = { domain: null, tenantId: null };

/** @throws {ProblemError} `forbidden`, alike for what is unknown, disabled, mismatched, and where no role is held */
export async function enterScope(core: Core, userId: UserId, scope: NamedScope): Promise<Holder> {
  return entered(await holderIn(core, userId, scope), 'role');
}

/** The holder, if the rule lets them in. @throws {ProblemError} `forbidden` */
export function entered(holder: Holder | null, rule: EntryRule): Holder {
  if (holder === null || !mayEnter(holder, rule)) throw refuse('forbidden', 'no_role_in_scope');
  return holder;
}

/** Where a sign-in leads that named no scope of its own. */
export interface AutoScope extends Entered {
  /** The first of several tenants to choose from; null: there is nothing to choose. */
  readonly defaultTenantId: TenantId | null;
}

export interface AutoScopeRule {
  /** What to try first: the home domain, or to stay without scope. */
  readonly first: 'home' | 'nowhere';
  /** Name of the role that makes a tenant the one a user works in. */
  readonly role: string;
}

/**
 * The home domain or no scope, as asked; but a user without any role globally and at home is led to the one tenant where
 * they hold the named role.
 *
 * @throws {ProblemError} `forbidden` for who asked for home, may not enter it, and has no such tenant
 */
export async function enterAutoScope(core: Core, user: User, rule: AutoScopeRule): Promise<AutoScope> {
  const unscoped = await enterScope(core, user.id, nowhere);
  const home = await holderIn(core, user.id, { domain: unscoped.homeDomainName, tenantId: null });
  const isBare = home === null || home.roles.length === 0;
  const tenants = isBare ? await tenantsWhereHeld(core.database, user.id, rule.role, 2) : [];
  const [first, second] = tenants;
  if (first !== undefined && second !== undefined) return { holder: unscoped, defaultTenantId: first };
  if (first !== undefined) {
    const scope = { domain: null, tenantId: first };
    return { holder: await enterScope(core, user.id, scope), defaultTenantId: null };
  }
  return { holder: rule.first === 'home' ? entered(home, 'role') : unscoped, defaultTenantId: null };
}

async function holderIn(core: Core, userId: UserId, scope: NamedScope): Promise<Holder | null> {
  return await core.database.findHolder(userId, scope);
}
