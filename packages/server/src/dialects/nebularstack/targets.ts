/** How requests name the scope that a token shall have. @module */
import type { TOptional, TUnsafe } from 'typebox';
import { ProblemError } from '../../domain/problem.ts';
import type { NamedScope } from '../../domain/tenancy.ts';
import { Type } from '../../http/schema.ts';
import { textOrNull } from '../../http/strict-fields.ts';

export const targetFields: {
  readonly domain: TOptional<TUnsafe<string | null>>;
  readonly tenant_id: TOptional<TUnsafe<string | null>>;
} = {
  domain: Type.Optional(textOrNull({ description: 'Name of the domain; null: none.' })),
  tenant_id: Type.Optional(textOrNull({ description: 'Id of the tenant; null: none.' })),
};

interface Target {
  readonly domain?: string | null;
  readonly tenant_id?: string | null;
}

/**
 * The whole target of a rescope: what is not named is not inherited. All null: no scope.
 *
 * @throws {ProblemError} `malformed` where nothing is named at all
 */
export function readTarget({ domain, tenant_id: tenantId }: Target): NamedScope {
  if (domain === undefined && tenantId === undefined)
    throw new ProblemError({
      kind: 'malformed',
      reason: 'missing_field',
      message: 'Name domain or tenant_id, or both',
    });
  return scopeNamed(domain ?? null, tenantId ?? null);
}

/** Ids of tenants are compared in lower case, as they are made. */
export function scopeNamed(domain: string | null, tenantId: string | null): NamedScope {
  return { domain, tenantId: tenantId === null ? null : lowerId(tenantId) };
}

/** An id as paths may write it. */
export function lowerId(id: string): string {
  return id.toLowerCase();
}
