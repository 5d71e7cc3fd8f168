/** Administering domains in a context: list, read, create, change, delete. @module */
import { randomUUID } from 'node:crypto';
import { type DomainId, rootDomainId } from '../domain/ids.ts';
import type { DomainProperty, Listing, ListQuery } from '../domain/listing.ts';
import { refuse } from '../domain/problem.ts';
import type { Domain, Scope } from '../domain/tenancy.ts';
import {
  type DomainsWanted,
  deleteDomain as deleteDomainRow,
  isDomainEmpty,
  listDomainsOf,
} from '../store/domain-directory.ts';
import { findDomainByName, insertDomain, updateDomain } from '../store/domains.ts';
import type { Caller, Core } from './core.ts';
import { auditOf } from './manage-audit.ts';
import { retryOnConflict, writeUnique } from './manage-conflicts.ts';
import { checkDomainName } from './manage-domains.ts';
import { invalidValue } from './manage-fields.ts';
import { requireStandardToken } from './manage-rights.ts';
import { covers, outside, requireReader, requireWriter, seesEverything } from './tenancy-rights.ts';

export interface NewDomain {
  readonly name: string;
  readonly enabled: boolean;
}

/** A field not given keeps its value. */
export type DomainChanges = Partial<NewDomain>;

/** Labels between dots, as in the names of hosts; a path and a header can hold it as it is. */
const nameForm = /^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)*$/i;

const nameTaken = 'A domain of that name exists already.';

/**
 * The domains inside the caller's context. With a token for no domain everybody sees those that they may choose.
 *
 * @throws {ProblemError} `forbidden`
 */
export function listDomains(core: Core, caller: Caller, query: ListQuery<DomainProperty>): Listing<Domain> {
  return listDomainsOf(core.database, domainsOf(caller), query);
}

function domainsOf(caller: Caller): DomainsWanted {
  requireStandardToken(caller);
  if (seesEverything(caller)) return { kind: 'all' };
  const { domainId, roles, userId } = caller.principal;
  if (domainId === null) return roles.length > 0 ? { kind: 'enabled' } : { kind: 'enterable', userId };
  requireReader(caller);
  return { kind: 'only', id: domainId };
}

/** @throws {ProblemError} `forbidden`, alike for unknown and foreign */
export async function getDomain(core: Core, caller: Caller, name: string): Promise<Domain> {
  return await findDomainInside(core, requireReader(caller), name);
}

/** Creates a domain without users. @throws {ProblemError} `forbidden` unless for no domain; `invalid_value`, `conflict` */
export async function createDomain(core: Core, caller: Caller, fields: NewDomain): Promise<Domain> {
  // What is new is outside of every domain that there is.
  if (requireWriter(caller).domainId !== null) throw outside();
  checkNewName(fields.name);
  const nowMs = core.clock();
  const domain: Domain = {
    id: randomUUID() as DomainId,
    name: fields.name.toLowerCase(),
    enabled: fields.enabled,
    allowUserManagement: true,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  const audit = auditOf(core, caller, 'domain_created', domain.id, { name: domain.name });
  await writeUnique(core, [insertDomain(core.database, domain), audit], nameTaken);
  return domain;
}

/** Changes the fields that are given. @throws {ProblemError} `forbidden`, `invalid_value`, `conflict` for `root` or a taken name */
export async function changeDomain(
  core: Core,
  caller: Caller,
  name: string,
  changes: DomainChanges,
): Promise<Domain> {
  const context = requireWriter(caller);
  if (changes.name !== undefined) checkNewName(changes.name);
  return retryOnConflict(async () => {
    const domain = await findWholeDomain(core, context, name);
    const changed = {
      ...domain,
      name: changes.name?.toLowerCase() ?? domain.name,
      enabled: changes.enabled ?? domain.enabled,
      updatedAtMs: core.clock(),
    };
    const audit = auditOf(core, caller, 'domain_changed', domain.id, { fields: Object.keys(changes) });
    await writeUnique(core, [updateDomain(core.database, changed), audit], nameTaken);
    return changed;
  });
}

/** Deletes a domain in which nothing lives. @throws {ProblemError} `forbidden`, `conflict` for `root` and while it has users or tenants */
export async function deleteDomain(core: Core, caller: Caller, name: string): Promise<void> {
  const context = requireWriter(caller);
  await retryOnConflict(async () => {
    const domain = await findWholeDomain(core, context, name);
    if (!(await isDomainEmpty(core.database, domain.id)))
      throw refuse('conflict', 'domain_not_empty', 'The domain still has users or tenants.');
    const audit = auditOf(core, caller, 'domain_deleted', domain.id, { name: domain.name });
    await core.database.write([...deleteDomainRow(core.database, domain.id), audit]);
  });
}

/** The domain, where it is the caller's to change as a whole. @throws {ProblemError} `forbidden`, `conflict` for `root` */
async function findWholeDomain(core: Core, context: Scope, name: string): Promise<Domain> {
  const domain = await findDomainInside(core, context, name);
  if (context.tenantId !== null) throw outside();
  if (domain.id === rootDomainId)
    throw refuse('conflict', 'root_domain', 'The domain "root" stays as it is.');
  return domain;
}

function checkNewName(name: string): void {
  checkDomainName(name);
  if (!nameForm.test(name)) throw invalidValue('name', 'write it like the name of a host: acme.example.');
}

async function findDomainInside(core: Core, context: Scope, name: string): Promise<Domain> {
  const domain = await findDomainByName(core.database, name);
  if (domain === null || !covers(context, { domainId: domain.id, tenantId: context.tenantId }))
    throw outside();
  return domain;
}
