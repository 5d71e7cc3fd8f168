/** Roles that come with every installation and are known in every domain: their names, and what they weigh. @module */
import { type DomainId, rootDomainId } from './ids.ts';
import { systemRoles } from './tenancy.ts';

/** Held everywhere, it counts as every role. It is held nowhere else. */
export const everyRole = 'Root';

/** Given by assignments at three levels, with what each is for. They are no groups: whoever keeps groups does not see them. */
export const assignedRoles: ReadonlyMap<string, string> = new Map([
  [everyRole, 'Counts as every role.'],
  ['Administrator', 'Administers tenants and users.'],
  ['Customer', 'Uses what a tenant holds.'],
  ['Identity Administrator', 'Administers users and their roles.'],
  ['Identity Support', 'Sees users, to help them.'],
  ['Staff Member', 'Sees users and tenants.'],
  ['Support', 'Sees users and tenants, to help them.'],
  ['Subscriber Administrator', 'Administers subscribers.'],
  ['Subscriber Accounts', 'Keeps accounts of subscribers.'],
  ['Subscriber Support', 'Helps subscribers.'],
]);

/** Those of the names that are groups. */
export function groupsAmong(roles: readonly string[]): readonly string[] {
  return roles.filter((role) => !assignedRoles.has(role));
}

/** Whether a holder of these roles may do what needs one of those. */
export function countsAsOneOf(held: readonly string[], needed: readonly string[]): boolean {
  return held.includes(everyRole) || needed.some((role) => held.includes(role));
}

const ranks: ReadonlyMap<string, number> = new Map([
  [everyRole, 3],
  ['Administrator', 2],
  [systemRoles.administrator, 2],
  ['Identity Administrator', 1],
  [systemRoles.userAdministrators, 1],
]);

/** Whether it is the role of those who operate the whole installation, and not just a domain. */
export function isOperatorsRole({ role, domainId }: { role: string; domainId: DomainId | null }): boolean {
  return role === systemRoles.administrator && (domainId === rootDomainId || domainId === null);
}

/** How much power over other people's accounts the roles give; 0: none. Who has less has no say over who has more. */
export function rankOf(roles: readonly string[]): number {
  return Math.max(0, ...roles.map((role) => ranks.get(role) ?? 0));
}
