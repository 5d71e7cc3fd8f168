/**
 * Who may manage what.
 *
 * Every right counts in the domain of the caller's token alone. `admin` of the root domain operates the installation:
 * sees and manages every account, and alone manages domains and password policies, which all domains share. `admin` of
 * another domain sees and manages the accounts at home there and the roles held there. `User Admins` manage accounts and
 * memberships, but nobody who holds an administrator's role above their own.
 * @module
 */
import { type DomainId, rootDomainId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import { assignedRoles, isOperatorsRole, rankOf } from '../domain/role-names.ts';
import { systemRoles } from '../domain/tenancy.ts';
import type { User } from '../domain/user.ts';
import { heldRoles } from '../store/assignments.ts';
import { findDomain } from '../store/domains.ts';
import type { Caller, Core, Principal } from './core.ts';

const { administrator, userAdministrators } = systemRoles;

/** @throws {ProblemError} `forbidden` for the token of a sign-in that lacks its second factor */
export function requireStandardToken(caller: Caller): void {
  if (caller.principal.tokenKind === 'standard') return;
  throw refuse('forbidden', 'minimal_token', 'This token is good for nothing but completing the sign-in.');
}

/** @throws {ProblemError} `forbidden` unless the caller holds one of the roles in the token's domain */
function requireOneOf(caller: Caller, roles: readonly string[]): void {
  requireStandardToken(caller);
  const { principal } = caller;
  if (roles.some((role) => principal.roles.includes(role))) return;
  const names = roles.map((role) => `"${role}"`).join(' or ');
  throw refuse('forbidden', 'role_missing', `This needs ${names} in the domain "${principal.domainName}".`);
}

/** @throws {ProblemError} `forbidden` */
export function requireAdministrator(caller: Caller): void {
  requireOneOf(caller, [administrator]);
}

/** @throws {ProblemError} `forbidden` */
export function requireUserAdministrator(caller: Caller): void {
  requireOneOf(caller, [administrator, userAdministrators]);
}

/** The domain that a caller's rights count in. @throws {ProblemError} `forbidden` with a token for no domain at all */
export function domainOf({ principal }: Caller): DomainId {
  if (principal.domainId === null) throw refuse('forbidden', 'unscoped_token');
  return principal.domainId;
}

/** Whether the caller operates the whole installation: `admin`, with a token for the root domain. */
export function isOperator(principal: Principal): boolean {
  return principal.domainId === rootDomainId && principal.roles.includes(administrator);
}

/** @throws {ProblemError} `forbidden` unless the caller operates the installation */
export function requireOperator(caller: Caller): void {
  requireAdministrator(caller);
  if (isOperator(caller.principal)) return;
  throw refuse('forbidden', 'role_missing', `This needs "${administrator}" in the domain "root".`);
}

/**
 * Refuses who would gain by the change: whoever sets a user's password can be that user, in every domain.
 *
 * So wherever the user holds an administrator's role, the caller must hold at least the same there, and roles that are
 * assigned everywhere are above every domain. Operators may change everybody.
 *
 * @throws {ProblemError} `forbidden`
 */
export async function requireAuthorityOver(core: Core, caller: Caller, user: User): Promise<void> {
  const { principal } = caller;
  if (isOperator(principal)) return;
  for (const held of await heldRoles(core.database, user.id)) {
    const { role, domainId } = held;
    const own = domainId === principal.domainId ? rankOf(principal.roles) : 0;
    const isAssignedEverywhere = domainId === null && assignedRoles.has(role);
    if (rankOf([role]) > own || isAssignedEverywhere || isOperatorsRole(held))
      throw refuse(
        'forbidden',
        'target_outranks_caller',
        "This user holds an administrator's role above yours.",
      );
  }
}

/**
 * Refuses changes of accounts that the caller's domain does not manage: those at home elsewhere, and all of a domain
 * that leaves its users to the operators.
 *
 * @throws {ProblemError} `forbidden`
 */
export async function requireManagedHere(
  core: Core,
  caller: Caller,
  homeDomainId: User['domainId'],
): Promise<void> {
  const { principal } = caller;
  if (isOperator(principal)) return;
  if (homeDomainId !== principal.domainId)
    throw refuse('forbidden', 'managed_elsewhere', 'This account is managed in its own domain.');
  if (homeDomainId === rootDomainId) return;
  const domain = await findDomain(core.database, homeDomainId);
  if (domain?.allowUserManagement === true) return;
  const message = `The domain "${principal.domainName}" does not manage users of its own.`;
  throw refuse('forbidden', 'user_management_off', message);
}
