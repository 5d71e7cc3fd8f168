/** A scope as it is typed: a domain, and perhaps a tenant of it. @module */
import type { NamedScope } from '@tessera/client';
import { UsageError } from '../program/errors.ts';
import { type Flag, type OptionsOf, requiredText, textFlag } from '../program/flag.ts';

/** Stands for no domain: no domain may have this name. */
export const noDomain = 'none';

export const targetWords: { readonly domain: Flag<string>; readonly tenant: Flag<string | null> } = {
  domain: requiredText('name of the domain; "none" for no domain', { placeholder: 'DOMAIN' }),
  tenant: textFlag('id of a tenant of the domain', { placeholder: 'TENANT' }),
};

/** @throws {UsageError} a tenant of no domain */
export function readTarget({ domain, tenant }: OptionsOf<typeof targetWords>): NamedScope {
  if (domain !== noDomain) return { domain, tenantId: tenant };
  if (tenant !== null) throw new UsageError('"none" stands for no domain, and that has no tenants');
  return { domain: null, tenantId: null };
}
