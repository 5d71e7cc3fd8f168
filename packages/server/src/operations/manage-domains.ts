/** Managing domains: create, list. @module */
import { randomUUID } from 'node:crypto';
import { type DomainId, isUuid, rootDomainId, type UserId } from '../domain/ids.ts';
import { type Domain, systemRoles } from '../domain/tenancy.ts';
import { assign } from '../store/assignments.ts';
import { insertDomain, listDomains as listDomainRows } from '../store/domains.ts';
import type { Page } from '../store/page.ts';
import { findRole } from '../store/roles.ts';
import { findUser } from '../store/users.ts';
import type { Caller, Core } from './core.ts';
import { auditOf } from './manage-audit.ts';
import { retryOnConflict, writeUnique } from './manage-conflicts.ts';
import { checkName, invalidValue } from './manage-fields.ts';
import { isOperator, requireAdministrator, requireOperator, requireStandardToken } from './manage-rights.ts';

export interface NewDomain {
  readonly name: string;
  /** Who holds `admin` in the new domain; at least one. */
  readonly admins: readonly UserId[];
  /** Whether those administrators may manage users of the domain; not given: they may not. */
  readonly allowUserManagement?: boolean;
}

export interface DomainRange {
  readonly skip: number;
  readonly limit: number;
}

/** Of a host's name (RFC 1035 §2.3.4), which domains are often called by. */
const maxNameCharacters = 253;
const maxAdmins = 100;
/** Words that mean something else where a domain is named; `root` is simply taken. */
const reservedNames = ['none', 'global'];

/**
 * Creates a domain together with its administrators.
 *
 * @throws {ProblemError} `forbidden`, `invalid_value`, `conflict` where the name is taken
 */
export async function createDomain(core: Core, caller: Caller, fields: NewDomain): Promise<Domain> {
  requireOperator(caller);
  checkDomainName(fields.name);
  const admins = [...new Set(fields.admins)];
  const nowMs = core.clock();
  const domain: Domain = {
    id: randomUUID() as DomainId,
    name: fields.name,
    enabled: true,
    allowUserManagement: fields.allowUserManagement ?? false,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  const role = await findRole(core.database, { domainId: rootDomainId, name: systemRoles.administrator });
  if (role === null) throw new Error('the role of administrators is missing');
  const assignments = admins.map((userId) =>
    assign(core.database, { userId, roleId: role.id, domainId: domain.id, tenantId: null }),
  );
  const audit = auditOf(core, caller, 'domain_created', domain.id, { name: domain.name, admins });
  const taken = 'A domain of that name exists already.';
  const writes = [insertDomain(core.database, domain), ...assignments, audit];
  // Again if one of them is deleted in between.
  await retryOnConflict(async () => {
    await checkAdmins(core, admins);
    await writeUnique(core, writes, taken);
  });
  return domain;
}

/** Operators see every domain, administrators of a domain those they may enter. @throws {ProblemError} `forbidden` */
export async function listDomains(core: Core, caller: Caller, range: DomainRange): Promise<Page<Domain>> {
  requireAdministrator(caller);
  const userId = isOperator(caller.principal) ? null : caller.principal.userId;
  return listDomainRows(core.database, { userId, ...range });
}

/** The domains the caller may have a token for. @throws {ProblemError} `forbidden` */
export async function listOwnDomains(core: Core, caller: Caller, range: DomainRange): Promise<Page<Domain>> {
  requireStandardToken(caller);
  return listDomainRows(core.database, { userId: caller.principal.userId, ...range });
}

/** @throws {ProblemError} `invalid_value` for a name that is reserved or could be taken for something else */
export function checkDomainName(name: string): void {
  checkName('name', name, maxNameCharacters);
  if (reservedNames.includes(name.toLowerCase()))
    throw invalidValue('name', `"${name}" is reserved, choose another name.`);
  // Where a name or an id may be written, an id is tried first.
  if (isUuid(name.toLowerCase())) throw invalidValue('name', 'choose one that does not look like an id.');
}

async function checkAdmins(core: Core, admins: readonly UserId[]): Promise<void> {
  if (admins.length === 0) throw invalidValue('admins', 'name at least one user by id.');
  if (admins.length > maxAdmins) throw invalidValue('admins', `name at most ${maxAdmins} users.`);
  const users = await Promise.all(admins.map((id) => findUser(core.database, id)));
  if (users.includes(null)) throw invalidValue('admins', 'name only users that exist, by their ids.');
}
