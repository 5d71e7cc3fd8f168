/** Administering tenants in a context: list, read, create, change, delete. @module */
import { randomUUID } from 'node:crypto';
import { isUuid, type TenantId } from '../domain/ids.ts';
import type { Listing, ListQuery, TenantProperty } from '../domain/listing.ts';
import type { NamedTenant, Scope, Tenant } from '../domain/tenancy.ts';
import {
  deleteTenant as deleteTenantRow,
  findTenantAnywhere,
  insertTenant,
  listEnabledTenants,
  listTenantsOf,
  listTenantsWithRole,
  updateTenant,
} from '../store/tenants.ts';
import type { Caller, Core } from './core.ts';
import { auditOf } from './manage-audit.ts';
import { retryOnConflict, writeUnique } from './manage-conflicts.ts';
import { checkName } from './manage-fields.ts';
import { requireStandardToken } from './manage-rights.ts';
import { covers, outside, requireReader, requireWriter, seesEverything } from './tenancy-rights.ts';
import { findHome } from './tenancy-users.ts';

export interface NewTenant {
  readonly name: string;
  /** Name of its domain; null: that of the context. */
  readonly domain: string | null;
  readonly enabled: boolean;
}

/** A field not given keeps its value. */
export interface TenantChanges {
  readonly name?: string;
  readonly enabled?: boolean;
}

const maxNameCharacters = 128;
const nameTaken = 'A tenant of that name exists already.';

/**
 * The tenants inside the caller's context. With a token for no domain everybody sees those that they may choose.
 *
 * @throws {ProblemError} `forbidden`
 */
export function listTenants(
  core: Core,
  caller: Caller,
  query: ListQuery<TenantProperty>,
): Listing<NamedTenant> {
  requireStandardToken(caller);
  const { domainId, roles, userId } = caller.principal;
  if (domainId !== null || seesEverything(caller))
    return listTenantsOf(core.database, requireReader(caller), query);
  if (roles.length > 0) return listEnabledTenants(core.database, null, query);
  return listTenantsWithRole(core.database, userId, query);
}

/** @throws {ProblemError} `forbidden`, alike for unknown and foreign */
export async function getTenant(core: Core, caller: Caller, id: string): Promise<NamedTenant> {
  return await findTenantInside(core, requireReader(caller), id);
}

/** @throws {ProblemError} as `createPerson` */
export async function createTenant(core: Core, caller: Caller, fields: NewTenant): Promise<NamedTenant> {
  const context = requireWriter(caller);
  checkName('name', fields.name, maxNameCharacters);
  const domain = await findHome(core, caller, context, fields.domain);
  const nowMs = core.clock();
  const tenant: Tenant = {
    id: randomUUID() as TenantId,
    domainId: domain.id,
    name: fields.name,
    enabled: fields.enabled,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  const audit = auditOf(core, caller, 'tenant_created', tenant.id, {
    domain: domain.name,
    name: tenant.name,
  });
  await retryOnConflict(() => writeUnique(core, [insertTenant(core.database, tenant), audit], nameTaken));
  return { ...tenant, domainName: domain.name };
}

/** Changes the fields that are given. @throws {ProblemError} `forbidden`, `invalid_value`, `conflict` where the name is taken */
export async function changeTenant(
  core: Core,
  caller: Caller,
  id: string,
  changes: TenantChanges,
): Promise<NamedTenant> {
  const context = requireWriter(caller);
  if (changes.name !== undefined) checkName('name', changes.name, maxNameCharacters);
  return retryOnConflict(async () => {
    const tenant = await findTenantInside(core, context, id);
    const changed = {
      ...tenant,
      name: changes.name ?? tenant.name,
      enabled: changes.enabled ?? tenant.enabled,
      updatedAtMs: core.clock(),
    };
    const audit = auditOf(core, caller, 'tenant_changed', tenant.id, { fields: Object.keys(changes) });
    await writeUnique(core, [updateTenant(core.database, changed), audit], nameTaken);
    return changed;
  });
}

/** Deletes the tenant with every role held in it; tokens for it are good for nothing. @throws {ProblemError} `forbidden` */
export async function deleteTenant(core: Core, caller: Caller, id: string): Promise<void> {
  const context = requireWriter(caller);
  await retryOnConflict(async () => {
    const tenant = await findTenantInside(core, context, id);
    const audit = auditOf(core, caller, 'tenant_deleted', tenant.id, { name: tenant.name });
    await core.database.write([...deleteTenantRow(core.database, tenant.id), audit]);
  });
}

async function findTenantInside(core: Core, context: Scope, id: string): Promise<NamedTenant> {
  const tenant = isUuid(id) ? await findTenantAnywhere(core.database, id as TenantId) : null;
  if (tenant === null || !covers(context, { domainId: tenant.domainId, tenantId: tenant.id }))
    throw outside();
  return tenant;
}
