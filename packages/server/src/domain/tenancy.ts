/** Domains, tenants, roles and who holds which role where. @module */
import type { DomainId, RoleId, TenantId, UserId } from './ids.ts';

/** Holds users, roles and tenants. `root` always exists. */
export interface Domain {
  readonly id: DomainId;
  /** Unique without regard to case. */
  readonly name: string;
  readonly enabled: boolean;
  /** Whether the domain's own administrators may manage its users. */
  readonly allowUserManagement: boolean;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A part of exactly one domain. */
export interface Tenant {
  readonly id: TenantId;
  readonly domainId: DomainId;
  readonly name: string;
  readonly enabled: boolean;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A tenant, and what its domain is called. */
export interface NamedTenant extends Tenant {
  readonly domainName: string;
}

/** A named set of permissions. `domainId` null: known in every domain (system roles). */
export interface Role {
  readonly id: RoleId;
  readonly domainId: DomainId | null;
  /** Case-sensitive, may hold spaces; unique among the roles visible in a domain. */
  readonly name: string;
  readonly description: string;
  /** Roles that came with the installation cannot be deleted. */
  readonly origin: 'system' | 'custom';
  /** JSON objects of the operator's own, kept verbatim. */
  readonly appMetadata: JsonObject;
  readonly userMetadata: JsonObject;
  readonly clientMetadata: JsonObject;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A user holds a role everywhere (no domain), in a domain, or in one of its tenants. */
export interface Assignment {
  readonly userId: UserId;
  readonly roleId: RoleId;
  readonly domainId: DomainId | null;
  readonly tenantId: TenantId | null;
}

/** What a token is for: nothing in particular, a domain, or a tenant of a domain. */
export interface Scope {
  readonly domainId: DomainId | null;
  readonly tenantId: TenantId | null;
}

/** A role that a user holds somewhere, with what it and the place are called. */
export interface HeldRole extends Scope {
  readonly role: string;
  /** Null for a role held everywhere. */
  readonly domainName: string | null;
}

/** A scope as callers name it: the domain by name, the tenant by id. A tenant alone takes the domain that it is part of. */
export interface NamedScope {
  readonly domain: string | null;
  readonly tenantId: string | null;
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** Names of the roles that the core itself looks at. */
export const systemRoles = {
  administrator: 'admin',
  userAdministrators: 'User Admins',
  keyUsers: 'Key Users',
  allClients: 'All Clients',
} as const;
