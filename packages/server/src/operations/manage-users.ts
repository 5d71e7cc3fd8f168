/** Managing user accounts: create, list, read. @module */
import type { DomainId, UserId } from '../domain/ids.ts';
import { refuse } from '../domain/problem.ts';
import type { User } from '../domain/user.ts';
import { rolesOfMany } from '../store/assignments.ts';
import { findDomain } from '../store/domains.ts';
import type { Page } from '../store/page.ts';
import type { UserFilter } from '../store/user-filter.ts';
import { insertUser, listUsers as listUserRows } from '../store/users.ts';
import type { Caller, Core } from './core.ts';
import { checkAccountFields, checkUsername } from './manage-account-fields.ts';
import { type Account, accountOf, describeAccount, findVisibleUser } from './manage-accounts.ts';
import { auditOf } from './manage-audit.ts';
import { writeUnique } from './manage-conflicts.ts';
import { invalidValue } from './manage-fields.ts';
import { type NewUser, newUser } from './manage-new-user.ts';
import { checkPolicyName } from './manage-passwords.ts';
import { domainOf, isOperator, requireManagedHere, requireUserAdministrator } from './manage-rights.ts';

/** Texts are compared whole, without regard to case; roles are meant by their names in the caller's domain. */
export interface UserQuery extends Omit<UserFilter, 'domainId' | 'roleDomainId' | 'nowMs'> {
  /** Name or id of the home domain; null: every domain the caller may see. */
  readonly domain: string | null;
  readonly roles: 'include' | 'omit';
}

/**
 * Creates an account at home in the token's domain.
 *
 * @throws {ProblemError} `forbidden`, `malformed` without a password, `invalid_value`, `conflict` where the name is taken
 */
export async function createUser(core: Core, caller: Caller, fields: NewUser): Promise<Account> {
  requireUserAdministrator(caller);
  await requireManagedHere(core, caller, domainOf(caller));
  checkUsername(fields.username);
  if ((fields.connection ?? 'local') !== 'local')
    throw invalidValue('connection', 'only local accounts can be created here.');
  checkAccountFields(fields);
  await checkPolicyName(core, fields.passwordPolicy);
  const user = await newUser(core, domainOf(caller), fields);
  const audit = auditOf(core, caller, 'user_created', user.id, { username: user.username });
  const taken = 'A user of that name exists already.';
  await writeUnique(core, [insertUser(core.database, user), audit], taken);
  return describeAccount(core, caller, user);
}

/**
 * Operators see every account; others the accounts at home in the token's domain or, asked by role, everybody who
 * holds it there.
 *
 * @throws {ProblemError} `forbidden`, also for a domain that is unknown or not the caller's
 */
export async function listUsers(core: Core, caller: Caller, query: UserQuery): Promise<Page<Account>> {
  requireUserAdministrator(caller);
  const domainId = domainOf(caller);
  const { domain, roles: withRoles, ...filter } = query;
  const page = await listUserRows(core.database, {
    ...filter,
    domainId: await homeDomainOf(core, caller, query),
    roleDomainId: domainId,
    nowMs: core.clock(),
  });
  const ids = page.rows.map((user) => user.id);
  const roles =
    withRoles === 'include' ? await rolesOfMany(core.database, ids, { domainId, tenantId: null }) : null;
  const names = await domainNames(core, page.rows);
  const rows = page.rows.map((user) =>
    accountOf(
      user,
      names.get(user.domainId) ?? user.domainId,
      roles === null ? null : (roles.get(user.id) ?? []),
    ),
  );
  return { rows, total: page.total };
}

async function homeDomainOf(core: Core, caller: Caller, query: UserQuery): Promise<DomainId | null> {
  const { principal } = caller;
  if (query.domain === null)
    return isOperator(principal) || query.inAllRoles.length > 0 ? null : principal.domainId;
  const domain = await findDomain(core.database, query.domain);
  if (domain !== null && (isOperator(principal) || domain.id === principal.domainId)) return domain.id;
  throw refuse(
    'forbidden',
    'domain_not_permitted',
    `The domain "${query.domain}" is unknown or not permitted.`,
  );
}

async function domainNames(core: Core, users: readonly User[]): Promise<Map<DomainId, string>> {
  const ids = [...new Set(users.map((user) => user.domainId))];
  const domains = await Promise.all(ids.map((id) => findDomain(core.database, id)));
  return new Map(domains.flatMap((domain) => (domain === null ? [] : [[domain.id, domain.name] as const])));
}

/** @throws {ProblemError} `forbidden`, `not_found` */
export async function getUser(core: Core, caller: Caller, id: UserId): Promise<Account> {
  if (id !== caller.principal.userId) requireUserAdministrator(caller);
  return describeAccount(core, caller, await findVisibleUser(core, caller, id));
}
