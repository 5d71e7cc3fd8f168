/** Domains and tenants by what scopes call them, kept in memory. @module */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type { DomainId, TenantId } from '../../domain/ids.ts';
import type { NamedScope, Scope } from '../../domain/tenancy.ts';
import { nameKey } from '../name-key.ts';
import {
  type DomainPlace,
  namedPlaceOf,
  type Place,
  placeOf,
  placeQueries,
  type TenantPlace,
} from '../places.ts';
import type { Tables } from '../schema.ts';

/** Rows of each kind kept; some two hundred bytes each. */
const mostKept = 20_000;

export class Places {
  readonly #domains: Rows<DomainPlace>;
  readonly #domainsByName: Rows<DomainPlace>;
  readonly #tenants: Rows<TenantPlace>;

  constructor(connection: DatabaseSync, queries: Kysely<Tables>) {
    const { domain, domainNamed, tenant } = placeQueries(queries);
    this.#domains = new Rows(connection.prepare(domain('' as DomainId).compile().sql));
    this.#domainsByName = new Rows(connection.prepare(domainNamed('').compile().sql));
    this.#tenants = new Rows(connection.prepare(tenant('' as TenantId).compile().sql));
  }

  forget(): void {
    this.#domains.forget();
    this.#domainsByName.forget();
    this.#tenants.forget();
  }

  of(scope: Scope): Place {
    const { domainId, tenantId } = scope;
    const domain = domainId === null ? null : this.#domains.find(domainId);
    return placeOf(scope, domain, tenantId === null ? null : this.#tenants.find(tenantId));
  }

  named(scope: NamedScope): Place {
    const tenant = scope.tenantId === null ? null : this.#tenants.find(scope.tenantId);
    return namedPlaceOf(scope, this.#domainOf(scope.domain, tenant), tenant);
  }

  #domainOf(name: string | null, tenant: TenantPlace | null): DomainPlace | null {
    if (name !== null) return this.#domainsByName.find(nameKey(name));
    return tenant === null ? null : this.#domains.find(tenant.domain_id);
  }
}

/** Rows by their key. What is not there is not kept: anybody may ask for anything. */
class Rows<Row> {
  readonly #statement: StatementSync;
  readonly #kept = new Map<string, Row>();

  constructor(statement: StatementSync) {
    this.#statement = statement;
  }

  forget(): void {
    this.#kept.clear();
  }

  find(key: string): Row | null {
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const row = this.#statement.get(key) as unknown as Row | undefined;
    if (row === undefined) return null;
    if (this.#kept.size >= mostKept) this.#kept.clear();
    this.#kept.set(key, row);
    return row;
  }
}
