/** A scope as it is typed: a domain, and perhaps a tenant of it. @module */
import type { NamedScope } from '@tessera/client';
import { UsageError } from '../program/errors.ts';
import { type Flag, type OptionsOf, requiredText, textFlag } from '../program/flag.ts';

/** Stands for no domain: no domain may have this name. */
export const noDomain = 'none';

/** Not named as the flags `--domain` and `--tenant`, which say where the caller acts. */
export const targetWords: {
  readonly 'target-domain': Flag<string>;
  readonly 'target-tenant': Flag<string | null>;
} = {
  'target-domain': requiredText('name of the domain; "none" for no domain', { placeholder: 'DOMAIN' }),
  'target-tenant': textFlag('id of a tenant of the domain', { placeholder: 'TENANT' }),
};

/** @throws {UsageError} a tenant of no domain */
export function readTarget(words: OptionsOf<typeof targetWords>): NamedScope {
  const { 'target-domain': domain, 'target-tenant': tenantId } = words;
  if (domain !== noDomain) return { domain, tenantId };
  if (tenantId !== null) throw new UsageError('"none" stands for no domain, and that has no tenants');
  return { domain: null, tenantId: null };
}
