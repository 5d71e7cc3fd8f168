/** The roles that can be assigned in a context. @module */
import type { Listing } from '../domain/listing.ts';
import type { Role } from '../domain/tenancy.ts';
import { listRolesOf } from '../store/role-directory.ts';
import type { Caller, Core } from './core.ts';
import { requireReader } from './tenancy-rights.ts';

/** Those of the context's domain and those known everywhere, by name. @throws {ProblemError} `forbidden` */
export function listAssignableRoles(core: Core, caller: Caller): Listing<Role> {
  return listRolesOf(core.database, requireReader(caller).domainId);
}
